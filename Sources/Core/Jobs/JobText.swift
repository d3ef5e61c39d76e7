/// The text of a job as it is searched: words in lower case, one space between them.
///
/// A word is a run of letters and digits of any script; all else only separates words. Both sides of a comparison go
/// through this one place, so that an index and a scan find the same jobs.
package enum JobText {
    /// Of the code, and of the output, at most this many bytes are searched.
    package static let searchedBytes = 64 << 10

    /// The code as it is searched.
    package static func code(_ input: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        append(Array(input.prefix(searchedBytes)), to: &folded)
        return folded
    }

    /// The texts in which a job is found: its code, and once it has ended its output.
    static func texts(of job: Job) -> [[UInt8]] {
        let code = code(Array(job.input.utf8.prefix(searchedBytes)))
        return job.status.isFinished ? [code, output(job.output, job.failure)] : [code]
    }

    /// Standard output, standard error, the result, and the error's class, message and traceback, as they are searched.
    package static func output(_ output: JobOutput, _ failure: JobFailure?) -> [UInt8] {
        var folded: [UInt8] = []
        let error = failure.map {
            [$0.type, $0.message, $0.traceback].compactMap(\.self).joined(separator: "\n")
        }
        var left = searchedBytes
        for part in [
            output.stdout[...], output.stderr[...], output.result?.bytes[...] ?? [],
            Array((error ?? "").utf8)[...],
        ] {
            append(Array(part.prefix(left)), to: &folded)
            left -= min(left, part.count)
        }
        return folded
    }

    /// Appends the words of UTF-8 text, each with a space after it, and before the first one too.
    static func append(_ bytes: [UInt8], to folded: inout [UInt8]) {
        if folded.isEmpty { folded.append(0x20) }
        folded.reserveCapacity(folded.count + bytes.count)
        var isInWord = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x80 {
                // To the end of what is not ASCII, decoded at once; invalid bytes become U+FFFD, which separates.
                var end = index + 1
                while end < bytes.count, bytes[end] >= 0x80 { end += 1 }
                for scalar in String(decoding: bytes[index..<end], as: UTF8.self).unicodeScalars {
                    isInWord = append(scalar, isInWord: isInWord, to: &folded)
                }
                index = end
                continue
            }
            index += 1
            switch byte {
            case 0x30...0x39, 0x61...0x7A:
                folded.append(byte)
                isInWord = true
            case 0x41...0x5A:
                folded.append(byte | 0x20)
                isInWord = true
            default:
                if isInWord { folded.append(0x20) }
                isInWord = false
            }
        }
        if isInWord { folded.append(0x20) }
    }

    /// - Returns: Whether a word goes on.
    private static func append(_ scalar: Unicode.Scalar, isInWord: Bool, to folded: inout [UInt8]) -> Bool {
        let isWord: Bool =
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
                .decimalNumber,
                .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .privateUse:
                true
            default: false
            }
        if isWord {
            folded.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
        } else if isInWord {
            folded.append(0x20)
        }
        return isWord
    }
}
