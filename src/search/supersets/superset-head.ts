import { isSupersetBlock, REVISION_AT, VERSION_AT } from './codec.ts'
import { VERSION_LENGTH } from './superset.ts'

/**
 * Lua: `head(key)` reads version and revision of the superset under a key, whatever its format; '' and -1 for anything else
 * that lies there. Lua counts bytes from 1.
 */
export const LUA_HEAD = `
local function head(key)
  local bytes = redis.pcall('GETRANGE', key, 0, ${REVISION_AT + 3})
  if type(bytes) ~= 'string' or #bytes < ${REVISION_AT + 4} or string.sub(bytes, 1, 4) ~= 'FWSS' then return '', -1 end
  local a, b, c, d = string.byte(bytes, ${REVISION_AT + 1}, ${REVISION_AT + 4})
  return string.sub(bytes, ${VERSION_AT + 1}, ${VERSION_AT + VERSION_LENGTH}), ((a * 256 + b) * 256 + c) * 256 + d
end`

/** The version a block says it is of; '' when it is no superset. */
export function versionIn(block: Buffer): string {
  return isSupersetBlock(block) ? block.toString('latin1', VERSION_AT, VERSION_AT + VERSION_LENGTH) : ''
}
