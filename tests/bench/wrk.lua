-- wrk --script wrk.lua URL -- BODIES [PAUSE_MS]: posts random lines of BODIES, one JSON body a line; ends with one JSON
-- line. Before each request a connection waits for a random time of PAUSE_MS on average: those whose requests are
-- admitted wait for their answers too, the others ask again and again, and together they ask at a steady rate, whatever
-- becomes of them.
local requests = {}

function init(arguments)
  math.randomseed(7)
  wrk.headers["Content-Type"] = "application/json"
  for body in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("POST", nil, nil, body)
  end
  local pause_ms = tonumber(arguments[2])
  if pause_ms then
    function delay() return math.random(0, 2 * pause_ms) end
  end
end

function request()
  return requests[math.random(#requests)]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
