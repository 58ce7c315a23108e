/*
 * An independent witness of input: prints every core key, button and motion event that the RECORD
 * extension delivers, one line each: type, keycode or button, x, y, server time. Written against
 * the documented libXtst interface (Record Extension Library Specification, X Consortium).
 * Usage: xrecord DISPLAY. Says "ready" once recording has begun, and runs until it is ended.
 */
#include <X11/Xlib.h>
#include <X11/Xproto.h>
#include <X11/extensions/record.h>
#include <stdio.h>

static void print_event(const xEvent *event)
{
    printf("%d %d %d %d %u\n", event->u.u.type & 0x7f, event->u.u.detail,
           event->u.keyButtonPointer.rootX, event->u.keyButtonPointer.rootY,
           (unsigned)event->u.keyButtonPointer.time);
}

static void on_data(XPointer unused, XRecordInterceptData *data)
{
    (void)unused;
    if (data->category == XRecordStartOfData)
        puts("ready");
    if (data->category == XRecordFromServer) {
        const xEvent *events = (const xEvent *)data->data;
        unsigned long count = data->data_len * 4 / sizeof(xEvent);
        for (unsigned long at = 0; at < count; at++)
            print_event(&events[at]);
    }
    fflush(stdout);
    XRecordFreeData(data);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    Display *control = XOpenDisplay(name);
    Display *data = XOpenDisplay(name);
    int major, minor;
    if (!control || !data || !XRecordQueryVersion(control, &major, &minor)) {
        fputs("No X server with the RECORD extension.\n", stderr);
        return 1;
    }
    XRecordRange *range = XRecordAllocRange();
    XRecordClientSpec clients = XRecordAllClients;
    range->device_events.first = KeyPress;
    range->device_events.last = MotionNotify;
    XRecordContext context = XRecordCreateContext(control, 0, &clients, 1, &range, 1);
    XSync(control, False);
    return XRecordEnableContext(data, context, on_data, NULL) ? 0 : 1;
}
