-- ARGV[3]: the lease, [4]: the retention, [5]: whether an orphan counts as processed, [6]: whether
-- the lease is exclusive
local ends, retention, processed, exclusive = now + ARGV[3], ARGV[4], ARGV[5] == '1', ARGV[6] == '1'

if becomes then return becomes:find('took') and 'skip' or 'process' end
if redis.call('ZSCORE', unusual, 'closed:' .. id) then return 'come back' end

local taken = first(credit)
if taken then
  redis.call('ZREM', unusual, taken)
  if not exclusive then add(closed, now + late, 'closed:' .. taken:match('%x+$')) end
elseif first(blocking) then
  return 'come back'
end

becomes = ''
if taken or processed then
  becomes = (taken and 'took:' or 'processed:') .. retention
  add(orphan, ends, becomes .. ':' .. id)
  keep(ends + retention)
end
if taken or exclusive then add(blocking, ends, 'blocking:' .. id) end
redis.call('SET', attempt, becomes, 'PXAT', ends)
return taken and 'skip' or 'process'
