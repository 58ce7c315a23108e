// Words that interfaces are made of, in every vocabulary: they say what a control does, and nothing
// about whoever uses it. The list of manifests of version 1: another word would be a wider manifest
// that nobody has accepted, so it comes with another version.
export const interfaceWords: readonly string[] = `
about accept account actions activate add address all and apply archive attach attachment
back bold bookmark browse button by
calendar cancel category center change check chart choose clear close collapse color column
columns comment compare complete confirm connect contact contacts contents continue copy create
currency current custom cut
dashboard data date day days default delete delivery description details dialog disable disconnect
discard done down download draft duplicate
edit email empty enable end enter error exit expand export
failed favorites field fields file files filter find finish first folder font for form format
forward from
general go group
header height help hide history home hour hours
icon if image import in info information insert into invalid is it italic item items
keyboard
label language large last layout left less library light link list loading location log login
logout
main manage mark maximize medium menu message messages minimize minute minutes mode month months
more move
name navigation new next no none not note notes notifications now number
of off ok okay on online open optional options or order other
page pages paste pause pending phone play preferences preview previous price print priority
privacy profile project properties
quantity quit
read ready recent redo refresh reload remove rename repeat replace reply report required reset
resize restore results retry right row rows run
save saved schedule scroll search second seconds section security select selected send settings
setup share sheet show sign size skip small sort source start started state status stop street
style subject submit subtotal success summary support switch sync system
tab table tabs tag tags task tasks template text the theme this time title to today toggle
tomorrow tool toolbar tools top total type
underline undo unit untitled up update updated upload url use user username
value version view
warning week weeks welcome width window windows with
year years yes yesterday you your
zoom
`
  .trim()
  .split(/\s+/);
