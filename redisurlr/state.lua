-- The state of a fingerprint, as JSON:
--   attempts: each with its id, when its lease ends, whether its sender is gone, whether it took a credit,
--             and for how long it becomes a credit if nobody ends it (0: it does not)
--   credits:  each with the id of the attempt that it is of, when it was added, when it ends,
--             and whether it is of an orphan that took none
--   spent:    credits that were taken, whose End may come again: each with the attempt's id, and when it ends
-- All times are the server's, in milliseconds.
local key = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- firstCredit returns the index of the credit that ends first, if there is one.
local function firstCredit(state)
  local first
  for i, c in ipairs(state.credits) do
    if not first or c.ends < state.credits[first].ends then first = i end
  end
  return first
end

local function load()
  local state = {attempts = {}, credits = {}, spent = {}}
  local stored = redis.call('GET', key)
  if not stored then return state end
  local old = cjson.decode(stored)
  for _, a in ipairs(old.attempts) do
    if a.ends > now then
      table.insert(state.attempts, a)
    elseif a.orphan > 0 then
      table.insert(old.credits, {of = a.id, added = a.ends, ends = a.ends + a.orphan, orphan = not a.took})
    end
  end
  for _, c in ipairs(old.credits) do
    if c.ends > now then table.insert(state.credits, c) end
  end
  for _, s in ipairs(old.spent) do
    if s.ends > now then table.insert(state.spent, s) end
  end
  return state
end

local function save(state)
  local last = 0
  for _, a in ipairs(state.attempts) do last = math.max(last, a.ends + a.orphan) end
  for _, c in ipairs(state.credits) do last = math.max(last, c.ends) end
  for _, s in ipairs(state.spent) do last = math.max(last, s.ends) end
  if last == 0 then
    redis.call('DEL', key)
  else
    redis.call('SET', key, cjson.encode(state), 'PXAT', string.format('%.0f', last))
  end
end

-- addCredit keeps at most 1,024 credits: the one that ends first makes room.
local function addCredit(state, credit)
  table.insert(state.credits, credit)
  if #state.credits > 1024 then table.remove(state.credits, firstCredit(state)) end
end

-- take removes the first of a list that a condition holds for, and returns it.
local function take(list, condition)
  for i, item in ipairs(list) do
    if condition(item) then return table.remove(list, i) end
  end
end
