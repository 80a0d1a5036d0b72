local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- keep lets a key live until a time, at least.
local function keep(key, time)
  if redis.call('PEXPIREAT', key, time, 'NX') == 0 then redis.call('PEXPIREAT', key, time, 'GT') end
end

-- add adds a member until a time. There are at most 1,024 of a kind: the one that ends first makes room.
local function add(key, time, member)
  redis.call('ZADD', key, 'GT', time, member)
  keep(key, time)
  if redis.call('ZCARD', key) > 1024 then redis.call('ZPOPMIN', key) end
end

-- become returns 'took' or 'processed' and the retention of the credit that an attempt is to become, if it is.
local function become(attempt)
  local credit = redis.call('HGET', orphans, attempt)
  if credit then return credit:match('(%a+) (%d+)') end
end

-- remove removes an attempt.
local function remove(attempt)
  redis.call('HDEL', orphans, attempt)
  redis.call('SREM', blocking, attempt)
  redis.call('ZREM', attempts, attempt)
end

-- What has ended is removed. Orphans become credits.
local ended = redis.call('ZRANGE', attempts, '-inf', now, 'BYSCORE', 'WITHSCORES')
for i = 1, #ended, 2 do
  local attempt, time = ended[i], tonumber(ended[i + 1])
  local kind, retention = become(attempt)
  remove(attempt)
  if kind and time + retention > now then add(credits, time + retention, kind .. ':' .. attempt) end
end
redis.call('ZREMRANGEBYSCORE', credits, '-inf', now)
redis.call('ZREMRANGEBYSCORE', closed, '-inf', now)
