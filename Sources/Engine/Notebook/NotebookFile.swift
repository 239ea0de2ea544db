import Foundation

extension Notebook {
    /// A file of more bytes is refused before it is read.
    public static let greatestFileSize = 1 << 29

    /// Reads a `.swift` script or an `.ipynb` file.
    /// - Throws: `NotebookError` with the path, and line and column where there are such.
    public init(contentsOf path: String) throws {
        let form = try FileForm(path: path)
        let data = try Self.bytes(ofFile: path)
        do {
            switch form {
            case .script: try self.init(script: data)
            case .ipynb: try self.init(ipynb: data)
            }
        } catch let error as NotebookError {
            throw error.inFile(path)
        }
    }

    /// Writes the notebook as a `.swift` script or an `.ipynb` file: whole or not at all, through a temporary file
    /// beside it. A symbolic link is followed; an existing file keeps its permissions.
    /// - Returns: what a script can't hold and so was left out.
    /// - Throws: `NotebookError` when ids are not allowed or stand twice, or when the file can't be written.
    @discardableResult
    public func write(to path: String) throws -> [Loss] {
        let form = try FileForm(path: path)
        try checkIDs(for: path)
        switch form {
        case .script:
            try Self.replaceFile(path, with: Data(rendered().bytes))
            return lossesInScript
        case .ipynb:
            try Self.replaceFile(path, with: ipynb())
            return []
        }
    }

    private enum FileForm {
        case script, ipynb

        init(path: String) throws {
            switch (path as NSString).pathExtension.lowercased() {
            case "swift": self = .script
            case "ipynb": self = .ipynb
            default:
                throw NotebookError("A notebook's name ends with .swift (a script) or .ipynb (Jupyter).", file: path)
            }
        }
    }

    private func checkIDs(for path: String) throws {
        var seen: Set<String> = []
        for cell in cells {
            guard CellID.isValid(cell.id) else { throw NotebookError(CellID.sentenceAboutInvalid(cell.id), file: path) }
            guard seen.insert(cell.id).inserted else {
                throw NotebookError("Two cells have the id \"\(cell.id)\"; give one of them another.", file: path)
            }
        }
    }

    private static func bytes(ofFile path: String) throws -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError("The notebook can't be opened", path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw systemError("The notebook can't be opened", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw NotebookError("This is not a file but a folder or a device; name the notebook's file.", file: path)
        }
        guard status.st_size <= greatestFileSize else {
            throw NotebookError(
                "The file has \(status.st_size / 1_000_000) megabytes; a notebook may have \(greatestFileSize / 1_000_000).",
                file: path)
        }
        do {
            return try handle.readToEnd() ?? Data()
        } catch {
            throw NotebookError("The notebook can't be read: \(error.localizedDescription)", file: path)
        }
    }

    private static func replaceFile(_ path: String, with data: Data) throws {
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let folder = (target as NSString).deletingLastPathComponent
        var status = stat()
        let isReplacing = stat(target, &status) == 0
        let temporary = "\(folder)/.etude-\(UUID().uuidString)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError("The notebook can't be written into \(folder)", path) }
        var isDone = false
        defer {
            close(descriptor)
            if !isDone { unlink(temporary) }
        }
        guard !isReplacing || fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
            throw systemError("The notebook can't be written", path)
        }
        try data.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let written = Foundation.write(descriptor, buffer.baseAddress! + offset, buffer.count - offset)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw systemError("The notebook can't be written", path) }
                offset += written
            }
        }
        guard fsync(descriptor) == 0, rename(temporary, target) == 0 else {
            throw systemError("The notebook can't be written", path)
        }
        isDone = true
        // The new name must survive a power failure too.
        let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    private static func systemError(_ sentence: String, _ path: String) -> NotebookError {
        NotebookError("\(sentence): \(String(cString: strerror(errno))).", file: path)
    }
}
