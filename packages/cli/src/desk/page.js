// What both pages do: tell the desk where things are and what they hold, and do what it says.
const projects = ['Harbour survey', 'Night market', 'Tram extension', 'Winter garden'];
const supplierCount = 60;
const chosen = { project: '', supplier: '' };

const byId = (id) => document.getElementById(id);

function rectangles() {
  const all = {};
  for (const element of document.querySelectorAll('[id]')) {
    const { x, y, width, height } = element.getBoundingClientRect();
    if (width > 0 && height > 0) all[element.id] = { x, y, width, height };
  }
  return all;
}

function values() {
  const all = {};
  const fields = 'input:not([data-apart]), textarea, select';
  for (const field of document.querySelectorAll(fields)) {
    if (field.type === 'password') all[field.id] = String(field.value.length);
    else all[field.id] = field.type === 'checkbox' ? String(field.checked) : field.value;
  }
  return { ...all, ...chosen, saved: byId('saved')?.textContent ?? '' };
}

let origin = null;
let queue = Promise.resolve();

function tell() {
  const body = JSON.stringify({
    page: location.pathname,
    origin,
    focus: document.activeElement?.id ?? '',
    values: values(),
    rectangles: rectangles(),
    scrolled: byId('suppliers')?.scrollTop ?? 0,
    expanded: byId('project')?.getAttribute('aria-expanded') === 'true',
  });
  queue = queue.then(() => fetch('/state', { method: 'POST', body })).catch(() => {});
}

function addOption(list, name, choose) {
  const option = document.createElement('div');
  option.id = `${list.id}-${list.children.length}`;
  option.role = 'option';
  option.textContent = name;
  option.ariaSelected = 'false';
  option.addEventListener('click', () => {
    for (const other of list.children) other.ariaSelected = String(other === option);
    choose(name);
    tell();
  });
  list.append(option);
}

function expand(open) {
  byId('projects').hidden = !open;
  byId('project').setAttribute('aria-expanded', String(open));
  tell();
}

async function save() {
  const { password: _, scratch: _1, 'scratch-2': _2, saved: _3, ...form } = values();
  const body = `${JSON.stringify(form, null, 2)}\n`;
  const answer = await fetch('/save', { method: 'POST', body });
  byId('saved').textContent = answer.ok ? 'Saved.' : 'Not saved.';
  tell();
}

function makeForm() {
  for (const name of projects) {
    addOption(byId('projects'), name, (project) => {
      chosen.project = project;
      byId('project').textContent = project;
      expand(false);
    });
  }
  for (let at = 1; at <= supplierCount; at += 1) {
    addOption(byId('suppliers'), `Supplier ${at}`, (supplier) => {
      chosen.supplier = supplier;
    });
  }
  byId('project').addEventListener('click', () => expand(byId('projects').hidden));
  byId('suppliers').addEventListener('scroll', tell);
  byId('save').addEventListener('click', save);
  show('image-2', '');
}

function drawn(canvas, text) {
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#111';
  context.font = "15px 'DejaVu Sans', sans-serif";
  context.fillText(text, 2, 16);
  return canvas;
}

// Each element in the way that is its own: as pixels, as what a field holds, or as text.
function show(id, text) {
  const element = byId(id);
  if (element.tagName === 'CANVAS') drawn(element, text);
  else if (element.tagName === 'IMG') {
    element.src = drawn(byId('image-1').cloneNode(), text).toDataURL();
  } else if (element.readOnly) element.value = text;
  else if (element.tagName === 'INPUT') {
    for (const name of ['placeholder', 'aria-label']) element.setAttribute(name, text);
  } else element.textContent = text;
}

// As addresses are written by hand: what need not be escaped is not.
function inQuery(text) {
  return text.replaceAll(/[%&#+]/g, encodeURIComponent).replaceAll(' ', '+');
}

let copied = '';

function obey({ title, query, shown, clipboard }) {
  if (title !== undefined) document.title = title;
  if (query !== undefined) history.replaceState(null, '', `?note=${inQuery(query)}`);
  for (const [id, text] of Object.entries(shown ?? {})) show(id, text);
  if (clipboard !== undefined) copied = clipboard;
  tell();
}

// Ctrl+C takes what the desk gave the page, as from another application.
document.addEventListener('copy', (event) => {
  event.clipboardData.setData('text/plain', copied);
  event.preventDefault();
});

if (byId('save')) makeForm();
for (const kind of ['input', 'change', 'focusin', 'focusout'])
  document.addEventListener(kind, tell);
document.addEventListener('mousemove', ({ screenX, clientX, screenY, clientY }) => {
  const seen = { x: screenX - clientX, y: screenY - clientY };
  if (origin?.x === seen.x && origin?.y === seen.y) return;
  origin = seen;
  tell();
});
const orders = new EventSource(`/orders?page=${encodeURIComponent(location.pathname)}`);
orders.addEventListener('message', ({ data }) => obey(JSON.parse(data)));
tell();
