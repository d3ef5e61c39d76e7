internal import RoostCore

extension HTTPFields {
    /// `Prefer: respond-async` (RFC 7240 §4.1), alone or among others.
    var preferAsync: Bool {
        values(of: "Prefer").contains { value in
            value.split(separator: ",").contains { preference in
                let token = preference.prefix { $0 != ";" && $0 != "=" }.filter { $0 != " " && $0 != "\t" }
                return token.lowercased() == "respond-async"
            }
        }
    }
}
