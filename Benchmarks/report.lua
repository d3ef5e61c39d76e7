-- wrk's figures as one line of JSON for load.py; an argument is a pause in milliseconds before each request.
function init(arguments)
    local pause = tonumber(arguments[1] or "0")
    if pause > 0 then
        delay = function() return pause end
    end
end

done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        'FIGURES {"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "failures": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
