/// A page of job history as the server answers it: about 6 kB with short strings, numbers, escapes and some text.
enum Document {
    static let text: [UInt8] = {
        let entries = (0..<12).map { index in
            """
            {"job_id":"0199f3c2-7e1b-7c40-9a5d-2f6b8e0c4d\(10 + index)","handler":"python","status":"completed",\
            "created_at":"2026-11-21T06:40:\(10 + index).123Z","started_at":"2026-11-21T06:40:\(10 + index).125Z",\
            "finished_at":"2026-11-21T06:40:\(10 + index).168Z","duration_ms":\(40 + index),"cpu_seconds":0.0\(314 + index),\
            "cancelled":false,"error":null,"tags":["nightly","render","eu-\(index)"],\
            "summary":"for name in sorted(names):\\n    print(\\"hello\\", name)\\n",\
            "output":"The quick brown fox jumps over the lazy dog, größer und schneller als zuvor, \(index) times.",\
            "usage":{"memory_bytes":\(18_350_080 + index * 4096),"exit_code":0,"ratio":1.\(index)5}}
            """
        }
        return Array("{\"success\":true,\"total\":1284,\"jobs\":[\(entries.joined(separator: ","))]}".utf8)
    }()
}
