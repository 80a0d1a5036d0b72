-- ARGV[3]: the lease, [4]: the retention, [5]: whether an orphan counts as processed, [6]: whether it is exclusive
local ends, retention, processed, exclusive = now + ARGV[3], ARGV[4], ARGV[5] == '1', ARGV[6] == '1'
local kind, isBlocked = become(id), redis.call('SCARD', blocking) > 0

if redis.call('ZSCORE', attempts, id) then return kind == 'took' and 'skip' or 'process' end
if redis.call('ZSCORE', closed, id) then return 'come back' end

local credit = redis.call('ZPOPMIN', credits)[1]
if not credit and isBlocked then return 'come back' end
if credit and not exclusive then add(closed, now + late, credit:match('%x+$')) end

local last = ends
if credit or processed then
  last = ends + retention
  redis.call('HSET', orphans, id, (credit and 'took ' or 'processed ') .. retention)
  keep(orphans, last)
end
if credit or exclusive then
  redis.call('SADD', blocking, id)
  keep(blocking, ends)
end
redis.call('ZADD', attempts, ends, id)
keep(attempts, last)
return credit and 'skip' or 'process'
