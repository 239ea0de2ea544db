internal import CGit2

/// Puts objects into one file, each as its difference from one like it where that is shorter.
final class PackBuilder {
    private let pointer: OpaquePointer

    init(in repository: Repository) throws {
        var pointer: OpaquePointer?
        try check(git_packbuilder_new(&pointer, repository.pointer), "pack the repository")
        self.pointer = pointer!
    }

    deinit { git_packbuilder_free(pointer) }

    /// - Parameter name: the file that the object was; objects of one name are looked at for likeness first.
    func add(_ id: ObjectID, name: String? = nil) throws {
        var id = id.git
        try check(git_packbuilder_insert(pointer, &id, name), "pack the repository")
    }

    /// Writes the pack with its index among the repository's others.
    func write() throws { try check(git_packbuilder_write(pointer, nil, 0, nil, nil), "pack the repository") }

    /// Lends the pack's bytes, piece by piece.
    func forEachPiece(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try withoutActuallyEscaping(body) { body in
            let receiver = Receiver(body)
            let code = git_packbuilder_foreach(pointer, { bytes, count, payload in
                Unmanaged<Receiver>.fromOpaque(payload!).takeUnretainedValue().take(UnsafeRawBufferPointer(start: bytes, count: count))
            }, Unmanaged.passUnretained(receiver).toOpaque())
            if let error = receiver.error { throw error }
            try check(code, "pack the repository")
        }
    }

    private final class Receiver {
        private let body: (UnsafeRawBufferPointer) throws -> Void
        private(set) var error: Error?

        init(_ body: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.body = body }

        func take(_ bytes: UnsafeRawBufferPointer) -> Int32 {
            do { try body(bytes) } catch {
                self.error = error
                return -1
            }
            return 0
        }
    }
}
