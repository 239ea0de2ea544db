import Glibc

/// A course's checkers as a loaded library. It stays loaded until the process ends.
enum CheckerLibrary {
    /// - Throws: ``LibraryError`` when the file can't be loaded or exports no exercises.
    static func load(_ path: String) throws -> Registry {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
            throw LibraryError(description: "The course's checkers could not be loaded: \(dlerror().map { String(cString: $0) } ?? path)")
        }
        guard let symbol = dlsym(handle, "etude_exercises") else {
            throw LibraryError(description: "\(path) exports no exercises: it lacks the function etude_exercises.")
        }
        let exercises = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafeMutableRawPointer).self)
        return Unmanaged<Registry>.fromOpaque(exercises()).takeRetainedValue()
    }
}

struct LibraryError: Error, CustomStringConvertible {
    let description: String
}
