// The one place where what was observed is kept or dropped, and where the manifest's contexts lie.
export { contextOf, needsOrigin } from './contexts.ts';
export {
  type AllowedPart,
  DesktopMap,
  type Drawing,
  type DrawnBox,
  holds,
  intersection,
  type MappedWindow,
} from './desktop-map.ts';
export { Gate, type KeyScene, type Standing, type Verdict } from './gate.ts';
