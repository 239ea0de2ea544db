import Foundation

/// Why an operation on files failed, without a full stop: in the system's words (`Permission denied`), which Foundation
/// keeps below its own, or leaves out.
public func fileReason(_ error: any Error) -> String {
    var current = error as NSError
    while let below = current.userInfo[NSUnderlyingErrorKey] as? NSError { current = below }
    if current.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(current.code))) }
    switch (error as? CocoaError)?.code {
    case .fileNoSuchFile?, .fileReadNoSuchFile?: return String(cString: strerror(ENOENT))
    case .fileReadNoPermission?, .fileWriteNoPermission?: return String(cString: strerror(EACCES))
    case .fileWriteFileExists?: return String(cString: strerror(EEXIST))
    case .fileWriteOutOfSpace?: return String(cString: strerror(ENOSPC))
    case .fileWriteVolumeReadOnly?: return String(cString: strerror(EROFS))
    case .fileWriteUnknown?: return "it can't be written"
    default: return error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
    }
}
