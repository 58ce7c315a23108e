// Applications and hosts where people write to each other, or where their work, health and money is
// kept. A list that is data: what it misses, a manifest marks itself with `"sensitive": true`.

export const sensitiveKinds = ['mail', 'chat', 'meetings', 'hr', 'health', 'finance'] as const;
export type SensitiveKind = (typeof sensitiveKinds)[number];

interface Signs {
  /** Words of a window's class. */
  readonly apps: readonly string[];
  /** Labels of a host name, whole. */
  readonly labels: readonly string[];
  /** Anywhere in a label of a host name. */
  readonly parts: readonly string[];
}

/** Window classes of browsers: without an origin they may show any of the places below. */
export const browserApps: ReadonlySet<string> = new Set(
  `brave brave-browser chrome chromium chromium-browser epiphany falkon firefox firefox-esr
  google-chrome konqueror librewolf microsoft-edge msedge navigator opera qutebrowser
  tor-browser vivaldi vivaldi-stable`.split(/\s+/),
);

export const sensitivePlaces: Readonly<Record<SensitiveKind, Signs>> = {
  mail: {
    apps: words(`betterbird claws-mail evolution geary kmail kontact mailbird mailspring
      outlook proton-mail sylpheed thunderbird trojita tutanota balsa mail`),
    labels: words('exchange imap inbox owa posteo smtp'),
    parts: words('mail outlook roundcube zimbra horde sogo tutanota'),
  },
  chat: {
    apps: words(`discord dino element fractal gajim hexchat mattermost messenger pidgin polari
      rocket.chat session signal slack telegram telegramdesktop threema viber wechat whatsapp wire
      zapzap zulip`),
    labels: words('element im line matrix messages signal wechat wire'),
    parts: words('chat slack discord telegram whatsapp mattermost messenger zulip viber threema'),
  },
  meetings: {
    apps: words(`bluejeans gotomeeting jitsi meet meetings skype skypeforlinux teams
      teams-for-linux webex zoom`),
    labels: words('bbb call calls lync meet teams zoom'),
    parts: words('meeting webex jitsi hangout bluejeans bigbluebutton skype whereby'),
  },
  hr: {
    apps: words('orangehrm workday payroll'),
    labels: words('adp deel gusto hr hrm hris lever people rexx sap-hr'),
    parts: words(`workday payroll bamboohr personio successfactors greenhouse recruit hibob
      humanresources personnel lohn karriere kununu`),
  },
  health: {
    apps: words('gnuhealth openemr openmrs'),
    labels: words('care doctor ehr emr epic his med nhs'),
    parts: words(`health clinic patient mychart medical hospital doctolib pharma therap klinik
      krankenkasse sante salud`),
  },
  finance: {
    apps: words('gnucash grisbi homebank kmymoney moneydance quicken skrooge'),
    labels: words('adyen datev elster ing irs n26 pay sepa tax taxes xero'),
    parts: words(`bank paypal finance payment invoice accounting quickbooks brokerage mortgage
      insurance steuer sparkasse`),
  },
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
