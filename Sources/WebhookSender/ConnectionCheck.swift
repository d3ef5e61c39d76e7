internal import CConnect
internal import Foundation
internal import FoundationNetworking
internal import Glibc
internal import RoostWebhooks

/// Puts ``AddressPolicy`` before every connection of this process.
enum ConnectionCheck {
    /// From here on only public addresses can be connected to, or any.
    static func install(allowPrivate: Bool) {
        if allowPrivate {
            unsafe cconnect_set_check { _, _ in true }
        } else {
            unsafe cconnect_set_check { address, length in
                guard let address = unsafe address,
                    let found = unsafe IPAddress(UnsafeRawPointer(address), count: Int(length))
                else { return false }
                return AddressPolicy.refusal(of: found) == nil
            }
        }
    }

    /// Has URLSession try to connect while nothing may be connected to.
    ///
    /// - Returns: False when the check was not asked: then URLSession connects in a way that we do not stand before, and
    ///   nothing may be sent.
    static func isInForce() -> Bool {
        unsafe cconnect_set_check { _, _ in false }
        guard let url = URL(string: "http://127.0.0.1:9/") else { return false }
        let before = cconnect_asked()
        let done = DispatchSemaphore(value: 0)
        let session = URLSession(configuration: .ephemeral)
        session.dataTask(with: url) { _, _, _ in done.signal() }.resume()
        let ended = done.wait(timeout: .now() + 10) == .success
        session.invalidateAndCancel()
        return ended && cconnect_asked() > before
    }
}
