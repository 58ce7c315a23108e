// Words that the lists know as names only, or not at all, and that screens show every day.

/** Names that are as often an ordinary word. */
const alsoWords = `mark bill will frank grant may april june august rich art drew sue pat rob chase
  hunter max jack nick dean chip gene ray dale cliff heath basil ginger olive ivy lily violet daisy
  holly hope faith joy grace dawn eve summer autumn brook sandy crystal amber ruby pearl jade opal
  norm ward wade skip miles reed lane page price carol christian young king major earl duke prince
  doc guy buddy dick rusty sonny don penny
  march monday tuesday wednesday thursday friday saturday sunday january february july september
  october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct
  nov dec christmas easter halloween god jesus bible internet web english mr mrs ms dr ok yeah hey
  hi hello bye thanks thank please sorry dear sir madam am pm id no yes ad ads`;

/** Written with a capital in most films, and yet no names. */
const alsoCapital = `maybe listen dad mom mommy um captain ah hurry president general agent american
  colonel chief french holy pop south north sergeant sheriff west east states yep saint fort navy
  mister papa merry commander radar county buck crane senator freeze bond valley dragon bravo turtle
  bishop coke bunny goodnight buzz ace baron hawk hollow hail mount eagle bureau harbor western
  southern northern eastern central latin pope mars caesar praise marines alliance creek supreme
  delta cape congress harmony canyon knights knight shepherd ranger springs elder elders echo stitch
  gypsy senate banner plaza willow countess trance thorn sparks herb merci venus mercury frost
  cutter metro steele mills pastor cardinal jupiter eagles christians brownie gamma beta alpha marsh
  berry falcon scarlet forge mayo cove abbey lama squire hub cosmos maestro trinity nasa moss
  messiah providence soprano sparrow emerald panther zen legion coral parliament sierra pharaoh
  garland sands lotus guild tribune dukes calamity genesis baton deacon quill grail neptune herald
  oriental cedar gong sandman derby elk tally vogue baptist spade civil wisdom royal union national
  federal international global united royal state city town village republic ministry department
  institute council committee board office press media group company bank court law act article
  chapter section title page part volume figure table note notes task event events meeting project
  team budget report review draft final summary total amount number date time status type name
  description comment comments details options settings general advanced search filter sort order
  submit cancel apply reset next back previous continue finish close open exit quit undo redo cut
  copy paste delete remove add new create update refresh reload print export import download upload
  share send receive reply forward inbox outbox sent drafts trash spam archive folder file files
  document documents image images video audio music photo photos camera phone mobile tablet desktop
  laptop postcode zipcode zip surname nickname birthday hobby salary shipping billing delivery
  invoice order customer client employee manager supervisor owner author title role department
  owner halt grant migrator server node macintosh laptop computer network internet website blog news
  help support contact about account
  profile user users password security privacy terms conditions policy cookie cookies home dashboard
  menu view edit tools window format insert layout design data review developer welcome loading
  error
  warning success failed pending active inactive enabled disabled online offline public private`;

/** Products and terms, lest they pass for unheard-of names. */
const products = `linux unix ubuntu debian fedora macos ios ipad iphone ipados android windows azure
  aws firefox chrome chromium safari edge opera gmail outlook teams slack zoom skype whatsapp
  telegram signal discord trello jira confluence asana notion dropbox onedrive sharepoint github
  gitlab bitbucket docker kubernetes jenkins terraform ansible grafana prometheus elasticsearch
  kibana redis postgres postgresql mysql sqlite mongodb cassandra kafka rabbitmq nginx apache node
  npm yarn webpack vite react angular vue svelte django flask laravel rails spring hibernate jquery
  bootstrap tailwind typescript javascript java python kotlin swift rust golang ruby perl scala
  haskell clojure erlang elixir bash zsh powershell vim emacs vscode eclipse intellij xcode figma
  photoshop illustrator indesign acrobat excel powerpoint word onenote access visio sap salesforce
  hubspot zendesk stripe paypal shopify wordpress drupal joomla wikipedia google microsoft apple
  amazon facebook instagram twitter linkedin youtube netflix spotify tiktok reddit pinterest adobe
  oracle intel nvidia samsung sony ibm dell lenovo bluetooth wifi ethernet html css json xml yaml
  csv pdf url uri api sdk cli gui sql http https ftp ssh ssl tls tcp udp dns dhcp vpn lan wan usb
  hdmi cpu gpu ram ssd hdd iban bic swift kpi crm erp hr pto faq eula gdpr hipaa iso utc gmt cet
  est pst async await const boolean null undefined admin username login logout signup checkbox
  dropdown tooltip popup dialog sidebar navbar toolbar menubar scrollbar textbox dashboard widget
  plugin addon backup metadata timestamp hostname localhost runtime timeout workflow onboarding
  offboarding timesheet payslip payroll invoice changelog readme roadmap backlog sprint kanban scrum
  lorem ipsum dolor amet emoji hashtag webinar podcast blog vlog selfie unsubscribe autosave
  autofill spreadsheet pivot macro clipboard screenshot wallpaper screensaver subtotal`;

/** A month, a product, `Mark` as in "Mark as read". */
export function ownWords(): readonly string[] {
  return `${alsoWords} ${alsoCapital} ${products}`.split(/\s+/);
}
