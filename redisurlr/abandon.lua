-- ARGV: the attempt's id
local attempts, credits = load()
for _, a in ipairs(attempts) do
  if a.id == ARGV[1] then a.gone = true end
end
save(attempts, credits)
return 'ok'
