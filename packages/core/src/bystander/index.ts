// Somebody on a screen who never joined: what they may be found by, sealed for the vault alone.
export {
  parseRequest,
  requestAad,
  requestBytes,
  requestDigest,
  sealRequest,
  soughtMax,
  whyTooWide,
} from './request.ts';
export { sealKeyOf } from './vault-key.ts';
