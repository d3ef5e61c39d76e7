internal import RoostCore

/// Times as people say them.
enum HumanTime {
    /// `850 ms`, `1.2 s`, `2 min 5 s`, `3 h 12 min`, `5 d 3 h`.
    static func duration(milliseconds: Int) -> String {
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<1: return "\(max(0, milliseconds)) ms"
        case ..<60: return "\(seconds).\(milliseconds % 1000 / 100) s"
        default: return duration(seconds: seconds)
        }
    }

    /// The same for whole seconds.
    static func duration(seconds: Int) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
        case ..<86_400: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
        }
    }

    /// `now`, `5 s ago`, `3 min ago`, `2 h ago`, `4 d ago`.
    static func age(of time: Timestamp, now: Timestamp) -> String {
        let seconds = time.milliseconds(until: now) / 1000
        switch seconds {
        case ..<1: return "now"
        case ..<60: return "\(seconds) s ago"
        case ..<3600: return "\(seconds / 60) min ago"
        case ..<86_400: return "\(seconds / 3600) h ago"
        default: return "\(seconds / 86_400) d ago"
        }
    }

    /// With a comma between groups of three digits.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }
}
