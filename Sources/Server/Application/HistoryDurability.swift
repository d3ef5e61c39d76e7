internal import RoostPersistence

/// What of a commit of the job history is on the disk when an answer is sent.
public enum HistoryDurability: String, Sendable, CaseIterable, OptionValue {
    /// With the operating system: safe from the death of the process at any moment. A power cut may take the last moments.
    case normal
    /// On the disk: safe from a power cut, too. Commits wait for the disk, together.
    case full

    var option: SQLiteStoreOptions.Durability {
        switch self {
        case .normal: .normal
        case .full: .full
        }
    }
}
