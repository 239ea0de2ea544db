internal import CZip
import Foundation

/// A small zip archive, written and read in memory.
enum ZipArchive {
    /// An archive of some files. The same files give the same bytes.
    static func bytes(of files: [String: Data]) throws -> Data {
        let writer = try ZipWriter()
        for (name, data) in files.sorted(by: { $0.key < $1.key }) { try writer.add(name, data) }
        return try writer.finish()
    }

    /// The files of somebody's archive, by their paths.
    /// - Throws: ``SubmissionError`` unless all of it is sound, small, and without surprises.
    static func files(in archive: Data) throws -> [String: Data] {
        let screening = try ZipScreening(archive)
        return try archive.withUnsafeBytes { bytes in
            let reader = try ZipReader(bytes)
            // Both must have read the same directory.
            guard reader.count == screening.count else { throw SubmissionError("The archive can be read in two ways. Ask for it again, as etude submit makes it.") }
            var files: [String: Data] = [:]
            for file in screening.files { files[file.name] = try reader.bytes(of: file) }
            return files
        }
    }
}

/// Owns an archive of libzip's that is read.
private final class ZipReader {
    private let pointer: OpaquePointer

    /// - Parameter bytes: must stay where they are for as long as this lives.
    init(_ bytes: UnsafeRawBufferPointer) throws {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(bytes.baseAddress, zip_uint64_t(bytes.count), 0, &error) else { throw zipError(&error) }
        guard let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
            zip_source_free(source)
            throw zipError(&error)
        }
        pointer = archive
    }

    deinit { zip_discard(pointer) }

    var count: Int { Int(zip_get_num_entries(pointer, 0)) }

    /// A file's bytes, which were compared with the checksum that the archive has of them.
    func bytes(of entry: ZipScreening.Entry) throws -> Data {
        var status = zip_stat_t()
        guard zip_stat(pointer, entry.name, zip_flags_t(ZIP_FL_ENC_RAW), &status) == 0, status.size == zip_uint64_t(entry.size),
            let file = zip_fopen_index(pointer, status.index, 0) else { throw damaged(entry) }
        defer { zip_fclose(file) }
        // One byte more than it says, to see that there is none.
        var data = Data(count: entry.size + 1), count = 0
        try data.withUnsafeMutableBytes { buffer in
            while count < buffer.count {
                let read = zip_fread(file, buffer.baseAddress! + count, zip_uint64_t(buffer.count - count))
                if read < 0 { throw damaged(entry) }
                if read == 0 { break }
                count += Int(read)
            }
        }
        guard count == entry.size else { throw damaged(entry) }
        return data.dropLast()
    }

    private func damaged(_ entry: ZipScreening.Entry) -> SubmissionError {
        SubmissionError("\"\(entry.name)\" in the archive is damaged: it does not unpack to what the archive says. Ask for it again.")
    }
}

/// Owns an archive of libzip's that is written, and the buffer that it is written to.
private final class ZipWriter {
    private let source: OpaquePointer
    private var pointer: OpaquePointer?

    init() throws {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(nil, 0, 0, &error) else { throw zipError(&error) }
        guard let archive = zip_open_from_source(source, ZIP_TRUNCATE, &error) else {
            zip_source_free(source)
            throw zipError(&error)
        }
        zip_source_keep(source)
        (self.source, pointer) = (source, archive)
    }

    deinit {
        if let pointer { zip_discard(pointer) }
        zip_source_free(source)
    }

    func add(_ name: String, _ data: Data) throws {
        // libzip frees what it is given, when it is done with it.
        let copy = malloc(max(1, data.count))!
        data.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
        guard let file = zip_source_buffer(pointer!, copy, zip_uint64_t(data.count), 1) else {
            free(copy)
            throw failure()
        }
        let index = zip_file_add(pointer!, name, file, zip_flags_t(ZIP_FL_ENC_UTF_8))
        guard index >= 0 else {
            zip_source_free(file)
            throw failure()
        }
        let place = zip_uint64_t(index)
        // The first day that a zip can tell, a plain file's permissions of Unix: nothing of the moment or the machine.
        guard zip_set_file_compression(pointer!, place, zip_int32_t(ZIP_CM_DEFLATE), 9) == 0, zip_file_set_dostime(pointer!, place, 0, 0x21, 0) == 0,
            zip_file_set_external_attributes(pointer!, place, 0, zip_uint8_t(ZIP_OPSYS_UNIX), 0o100644 << 16) == 0 else { throw failure() }
    }

    func finish() throws -> Data {
        guard zip_close(pointer!) == 0 else { throw failure() }
        pointer = nil
        var status = zip_stat_t()
        guard zip_source_stat(source, &status) == 0, zip_source_open(source) == 0 else { throw SubmissionError("The archive can't be written.") }
        defer { zip_source_close(source) }
        var data = Data(count: Int(status.size))
        let read = data.withUnsafeMutableBytes { zip_source_read(source, $0.baseAddress!, zip_uint64_t($0.count)) }
        guard read == zip_int64_t(status.size) else { throw SubmissionError("The archive can't be written.") }
        return data
    }

    private func failure() -> SubmissionError { SubmissionError("The archive can't be written: \(String(cString: zip_strerror(pointer!))).") }
}

private func zipError(_ error: inout zip_error_t) -> SubmissionError {
    SubmissionError("The archive can't be read: \(String(cString: zip_error_strerror(&error))). Ask for it again, as etude submit makes it.")
}
