local range = 2 ^ 45
local blocking, orphan, credit, closed = range, 2 * range, 3 * range, 4 * range

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- keep extends the life of the sorted set to a time, at least.
local function keep(time)
  if redis.call('PEXPIREAT', unusual, time, 'NX') == 0 then redis.call('PEXPIREAT', unusual, time, 'GT') end
end

-- first returns the member of a kind that expires first.
local function first(kind)
  return redis.call('ZRANGE', unusual, kind, kind + range - 1, 'BYSCORE', 'LIMIT', 0, 1)[1]
end

-- last returns the time at which the last member of a kind expires.
local function last(kind)
  local score = redis.call('ZRANGE', unusual, kind + range - 1, kind, 'BYSCORE', 'REV', 'LIMIT', 0, 1, 'WITHSCORES')[2]
  return score and score - kind or 0
end

-- add adds a member of a kind until a time. If there are too many credits or closed attempts, it
-- removes the one that expires first.
local function add(kind, time, member)
  redis.call('ZADD', unusual, 'GT', kind + time, member)
  keep(time)
  if kind >= credit and redis.call('ZCOUNT', unusual, kind, kind + range - 1) > 1024 then
    redis.call('ZREM', unusual, first(kind))
  end
end

-- Remove what has expired. Orphans become credits.
local orphans = redis.call('ZRANGE', unusual, orphan, orphan + now, 'BYSCORE', 'WITHSCORES')
for i = 1, #orphans, 2 do
  local what, retention, of = orphans[i]:match('(%a+):(%d+):(%x+)')
  local time = orphans[i + 1] - orphan + retention
  redis.call('ZREM', unusual, orphans[i])
  if time > now then add(credit, time, what .. ':' .. of) end
end
for _, kind in ipairs({blocking, credit, closed}) do
  redis.call('ZREMRANGEBYSCORE', unusual, kind, kind + now)
end

-- becomes is the string of the attempt, or false if it is not in progress.
local becomes = redis.call('GET', attempt)
if becomes and becomes ~= '' and not redis.call('ZSCORE', unusual, becomes .. ':' .. id) then becomes = false end

-- remove deletes the attempt.
local function remove()
  redis.call('DEL', attempt)
  redis.call('ZREM', unusual, 'blocking:' .. id, (becomes or '') .. ':' .. id)
end

-- shorten expires the sorted set with its last member, unless it has orphans: their credits outlive
-- them.
local function shorten()
  if not first(orphan) then redis.call('PEXPIREAT', unusual, math.max(last(blocking), last(credit), last(closed))) end
end
