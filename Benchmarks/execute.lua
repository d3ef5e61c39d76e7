-- Posts one body again and again for execute.py; arguments: the path, and the body, in which each thread's number takes
-- the place of %d. Figures come as one line of JSON.
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(arguments)
    local body = arguments[2]:gsub("%%d", tostring(number))
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    whole = wrk.format("POST", arguments[1], nil, body)
end

function request()
    return whole
end

done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'FIGURES {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "refused": %d, "failures": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
        errors.connect + errors.read + errors.write + errors.timeout))
end
