-- wrk --script overload.lua URL -- BODIES PAUSE_MS: each connection posts a random line of BODIES, then waits for a
-- random time of PAUSE_MS on average. Connections whose requests are admitted wait for their answers, the others ask
-- again and again: together they are clients that ask at a steady rate, whatever becomes of them.
local requests = {}
local pause_ms

function init(arguments)
  math.randomseed(7)
  wrk.headers["Content-Type"] = "application/json"
  for body in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, nil, body)
  end
  pause_ms = tonumber(arguments[2])
end

function delay()
  return math.random(0, 2 * pause_ms)
end

function request()
  return requests[math.random(#requests)]
end
