// Where the files of the web page are.

internal import Foundation

/// The page that shows the floor: hand-written files, served as they are.
public enum WebUI {
    /// The folder of the pages, for `StaticFiles`. It lies in the resource bundle beside the executable, wherever that
    /// was started from.
    public static var pagesFolder: String { Bundle.module.bundleURL.appendingPathComponent("Pages").path }
}
