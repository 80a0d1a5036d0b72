-- ARGV: the attempt's id, its lease and the retention in milliseconds, whether orphans count as processed, whether it is exclusive
local attempts, credits = load()
local decision, orphan = 'process', 0
if ARGV[4] == '1' then orphan = tonumber(ARGV[3]) end

if #credits > 0 then
  local first = 1
  for i, ends in ipairs(credits) do
    if ends < credits[first] then first = i end
  end
  table.remove(credits, first)
  decision, orphan = 'skip', tonumber(ARGV[3])
else
  for _, a in ipairs(attempts) do
    if a.gone then return 'come back' end
  end
end
table.insert(attempts, {id = ARGV[1], ends = now + tonumber(ARGV[2]), orphan = orphan, gone = ARGV[5] == '1'})
save(attempts, credits)
return decision
