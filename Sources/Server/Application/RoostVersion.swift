/// The version of this package.
public enum RoostVersion {
    /// As in `--version`, `/health` and the changelog.
    public static let current = "0.1.0"
}
