-- The state of a fingerprint, as JSON:
--   attempts: each with its id, when its lease ends, whether its sender is gone, whether it took a credit,
--             and for how long it becomes a credit if nobody ends it (0: it does not)
--   credits:  each with the id of the attempt that it is of, and when it ends
-- All times are the server's, in milliseconds.
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local function load()
  local attempts, credits = {}, {}
  local stored = redis.call('GET', key)
  if not stored then return attempts, credits end
  local state = cjson.decode(stored)
  for _, a in ipairs(state.attempts) do
    if a.ends > now then
      table.insert(attempts, a)
    elseif a.orphan > 0 then
      table.insert(state.credits, {of = a.id, ends = a.ends + a.orphan})
    end
  end
  for _, c in ipairs(state.credits) do
    if c.ends > now then table.insert(credits, c) end
  end
  return attempts, credits
end

local function save(attempts, credits)
  if #attempts + #credits == 0 then
    redis.call('DEL', key)
    return
  end
  local last = 0
  for _, a in ipairs(attempts) do last = math.max(last, a.ends + a.orphan) end
  for _, c in ipairs(credits) do last = math.max(last, c.ends) end
  redis.call('SET', key, cjson.encode({attempts = attempts, credits = credits}), 'PXAT', string.format('%.0f', last))
end
