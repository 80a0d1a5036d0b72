-- ARGV: the attempt's id, its lease and the retention in milliseconds, whether orphans count as processed, whether it is exclusive
local id, lease, retention = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local attempts, credits = load()

local gone = false
for _, a in ipairs(attempts) do
  if a.id == id then return a.took and 'skip' or 'process' end -- the step came twice
  gone = gone or a.gone
end

local attempt = {id = id, ends = now + lease, orphan = 0, gone = ARGV[5] == '1', took = false}
if ARGV[4] == '1' then attempt.orphan = retention end
if #credits > 0 then
  local first = 1
  for i, c in ipairs(credits) do
    if c.ends < credits[first].ends then first = i end
  end
  table.remove(credits, first)
  attempt.took, attempt.orphan = true, retention
elseif gone then
  return 'come back'
end
table.insert(attempts, attempt)
save(attempts, credits)
return attempt.took and 'skip' or 'process'
