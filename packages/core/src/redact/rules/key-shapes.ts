// Keys and tokens that say by their shape whose they are: cloud, code, payment and mail services.
import { wide } from '../pattern-lines.ts';
import { sample, shapes } from './key-shape.ts';

export const keyShapeRules = shapes([
  {
    id: 'aws-key-id',
    hints: [
      'akia',
      'asia',
      'abia',
      'acca',
      'agpa',
      'aida',
      'aroa',
      'aipa',
      'anpa',
      'anva',
      'a3t',
      'absk',
    ],
    pattern: wide('')`
        (?<![A-Z0-9])(?:(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA
        |A3T[A-Z0-9])[A-Z0-9]{16}|ABSK[A-Za-z0-9+/]{100,300}={0,2})(?![A-Z0-9])`,
    positive: ['id «AKIAIOSFODNN7EXAMPLE»', 'AWS=«ASIAIOSFODNN7EXAMPLE»;'],
    negative: ['AKIA', 'MAKIAVELLIANISMANDMORE'],
  },
  {
    id: 'github-token',
    hints: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: /(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/i,
    positive: [`«ghp_${sample.mixed}Zz»`, `token «github_pat_11${sample.mixed}_${sample.mixed}»`],
    negative: ['ghp_short', 'github_pat_ is a prefix'],
  },
  {
    id: 'gitlab-token',
    hints: ['gl', 'gr1348941'],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct
        |wt)-[A-Za-z0-9_.-]{16,300}|GR1348941[A-Za-z0-9_-]{16,64})`,
    positive: ['«glpat-aB3dE5fG7hJ9kL1mN3pQ»', '«gldt-aB3dE5fG7hJ9kL1mN3pQ»'],
    negative: ['glpat-short', 'single-page'],
  },
  {
    id: 'slack-token',
    hints: ['xox', 'xapp-'],
    pattern: /(?:xox[abceoprs](?:\.xox[abp])?-[A-Za-z0-9-]{10,400}|xapp-\d-[A-Za-z0-9-]{10,400})/i,
    positive: [
      '«xoxb-123456789012-123456789012-aB3dE5fG7hJ9kL1mN3pQ5rS7»',
      `«xapp-1-A01-123-${sample.hex32}»`,
    ],
    negative: ['xoxo-', 'xapp-name'],
  },
  {
    id: 'webhook-address',
    hints: ['hooks.', 'webhook', 'workflow'],
    pattern: wide('i')`
        (?:hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)
        |discord(?:app)?\.com\/api\/webhooks
        |[a-z0-9-]{1,63}\.webhook\.office\.com\/webhookb2|hooks\.zapier\.com\/hooks\/catch
        |outlook\.office\.com\/webhook)\/[A-Za-z0-9_@/-]{10,400}`,
    positive: [
      'https://«hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX»',
      `«discord.com/api/webhooks/123456789012345678/${sample.mixed}»`,
    ],
    negative: ['hooks.slack.com/services', 'discord.com/api/webhooks/'],
  },
  {
    id: 'stripe-key',
    hints: ['sk_', 'rk_', 'pk_', 'whsec_'],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:(?:sk|rk|pk)_(?:live|test|prod)_[A-Za-z0-9_]{10,247}
        |whsec_[A-Za-z0-9+/=]{20,100})`,
    positive: ['«sk_test_4eC39HqLyjWDarjtT1zdp7dc»', `«whsec_${sample.mixed}»`],
    negative: ['sk_live_', 'task_test_something_else'],
  },
  {
    id: 'google-key',
    hints: ['aiza', 'ya29.', 'gocspx-', '1//0', 'goog'],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:AIza[A-Za-z0-9_-]{30,40}|ya29\.[A-Za-z0-9_-]{20,1024}
        |GOCSPX-[A-Za-z0-9_-]{20,40}|1\/\/0[A-Za-z0-9_-]{30,200}|GOOG1?[A-Z0-9]{20,61})`,
    positive: [
      `«AIza${sample.mixed}a»`,
      `«ya29.${sample.mixed}»`,
      '«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»',
    ],
    negative: ['AIza', 'ya29.'],
  },
  {
    id: 'model-provider-key',
    hints: [
      'sk-',
      'hf_',
      'r8_',
      'gsk_',
      'pplx-',
      'xai-',
      'api_org_',
      'nvapi-',
      'sess-',
      'tgp_',
      'fw_',
    ],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:sk-(?:ant-|proj-|svcacct-|admin-|or-|lf-
        |None-)?[A-Za-z0-9_-]{16,400}|sess-[A-Za-z0-9]{30,64}|(?:hf_|r8_|gsk_|pplx-|xai-
        |api_org_|nvapi-|tgp_v1_|fw_)[A-Za-z0-9_-]{20,128})`,
    positive: [
      `«sk-proj-${sample.mixed}T3BlbkFJ${sample.mixed}»`,
      `«sk-ant-api03-${sample.mixed}_${sample.mixed}-AA»`,
      `«hf_${sample.mixed}»`,
    ],
    negative: ['sk-button', 'task-manager-with-a-long-name', 'hf_model'],
  },
  {
    id: 'package-registry-token',
    hints: ['npm_', 'pypi-', 'rubygems_', 'dckr_', 'clojars_', 'oy2', 'cio'],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{30,40}|pypi-[A-Za-z0-9_-]{32,400}
        |rubygems_[a-f0-9]{40,64}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}|CLOJARS_[a-z0-9]{60}
        |oy2[a-z0-9]{43}|cio[A-Za-z0-9]{32})(?![A-Za-z0-9])`,
    positive: [
      `«npm_${sample.mixed}Zz»`,
      `«pypi-AgEIcHlwaS5vcmc${sample.mixed}»`,
      '«dckr_pat_aB3dE5fG7hJ9kL1mN3pQ5rS7tU9»',
    ],
    negative: ['npm_config_registry', 'pypi-server', 'npm_package_name'],
  },
  {
    id: 'mail-service-key',
    hints: ['sg.', 'key-', '-us', 'xkeysib-', 'xsmtpsib-', 're_', 'sk', 'ac', 'ap'],
    pattern: wide('')`
        (?<![A-Za-z0-9])(?:SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}
        |(?:pub)?key-[a-f0-9]{32}|[a-f0-9]{32}-us\d{1,2}|x(?:keys
        |smtps)ib-[a-f0-9]{64}-[A-Za-z0-9]{16}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}|(?:SK|AC
        |AP)[a-f0-9]{32})(?![A-Za-z0-9])`,
    positive: [
      `«SG.aB3dE5fG7hJ9kL1mN3pQ5r.${sample.mixed}»`,
      `«key-${sample.hex32}»`,
      `«${sample.hex32}-us12»`,
      `«SK${sample.hex32}»`,
    ],
    negative: ['SG.1', 'key-board', 'ACCOUNT'],
  },
]);
