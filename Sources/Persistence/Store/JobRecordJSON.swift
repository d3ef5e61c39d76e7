import RoostCore

/// The JSON of the columns `logs`, `failure` and `progress`.
enum JobRecordJSON {
    static let noLogs = Array("[]".utf8)

    /// `[["info","text",1700000000000],…]`: level, message, milliseconds since 1970.
    static func logs(_ entries: ArraySlice<JobLogEntry>) -> [UInt8] {
        guard !entries.isEmpty else { return noLogs }
        let values = entries.map { entry in
            JSON.array([
                .string(entry.level.rawValue), .string(entry.message),
                .int(Int(entry.timestamp.milliseconds)),
            ])
        }
        return JSON.array(values).serialized()
    }

    /// Reads what the other `logs` writes.
    ///
    /// - Throws: ``SQLiteError`` when the column holds anything else.
    static func logs(_ bytes: [UInt8]) throws(SQLiteError) -> [JobLogEntry] {
        guard bytes != noLogs else { return [] }
        guard let values = (try? JSONParser.parse(bytes))?.array else {
            throw .damaged("logs are no JSON array")
        }
        var entries: [JobLogEntry] = []
        entries.reserveCapacity(values.count)
        for value in values {
            guard let parts = value.array, parts.count == 3,
                let level = parts[0].string.flatMap(JobLogEntry.Level.init),
                let message = parts[1].string, let time = parts[2].int
            else { throw .damaged("a log entry is not as this program writes it") }
            entries.append(
                JobLogEntry(level: level, message: message, timestamp: Timestamp(milliseconds: Int64(time))))
        }
        return entries
    }

    /// Reads what ``JobProgress/json`` is as text.
    ///
    /// - Throws: ``SQLiteError`` when the column holds anything else.
    static func progress(_ bytes: [UInt8]) throws(SQLiteError) -> JobProgress {
        guard let object = (try? JSONParser.parse(bytes))?.object, let fraction = object["fraction"]?.double,
            let message = object["message"]?.string
        else { throw .damaged("progress is not as this program writes it") }
        return JobProgress(fraction: fraction, message: message)
    }

    /// `{"code","status","message"[,"traceback"][,"line"][,"type"][,"details"]}`.
    static func failure(_ failure: JobFailure) -> [UInt8] {
        var object: JSONObject = [
            "code": .string(failure.code), "status": .int(failure.status.code),
            "message": .string(failure.message),
        ]
        object["traceback"] = failure.traceback.map(JSON.string)
        object["line"] = failure.line.map(JSON.int)
        object["type"] = failure.type.map(JSON.string)
        object["details"] = failure.details.map(JSON.object)
        return JSON.object(object).serialized()
    }

    /// Reads what the other `failure` writes.
    ///
    /// - Throws: ``SQLiteError`` when the column holds anything else.
    static func failure(_ bytes: [UInt8]) throws(SQLiteError) -> JobFailure {
        guard let object = (try? JSONParser.parse(bytes))?.object, let code = object["code"]?.string,
            let status = object["status"]?.int, let message = object["message"]?.string
        else { throw .damaged("a failure is not as this program writes it") }
        return JobFailure(
            code: code, status: HTTPStatus(status), message: message, traceback: object["traceback"]?.string,
            line: object["line"]?.int, type: object["type"]?.string, details: object["details"]?.object)
    }
}
