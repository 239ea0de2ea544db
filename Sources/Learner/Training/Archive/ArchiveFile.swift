#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The bytes of an archive: 8 bytes of name, version and header length as little-endian 32-bit numbers, the header
/// as JSON, then all weights as little-endian floats.
enum ArchiveFile {
    static let magic = Array("ETUDEMDL".utf8)
    static let version = 1
    static let mostHeader = 1 << 22
    static let mostLayers = 1_000
    static let mostBytes = 1 << 32
    /// Numbers that one row takes in all layers together: a stranger's model must not take much memory to run.
    static let mostFeatures = 1 << 18

    static func bytes(header: JSON, parameters: [Parameter]) -> [UInt8] {
        let head = Array(header.text.utf8)
        var bytes = magic
        bytes.reserveCapacity(16 + head.count + 4 * parameters.reduce(0) { $0 + $1.count })
        append(UInt32(version), to: &bytes)
        append(UInt32(head.count), to: &bytes)
        bytes += head
        for parameter in parameters {
            // Every machine that this runs on is little-endian.
            bytes.append(contentsOf: UnsafeRawBufferPointer(parameter.values))
        }
        return bytes
    }

    /// The header, and where the floats begin.
    /// - throws: `TrainingError` for anything else than an archive of this version.
    static func open(_ bytes: [UInt8]) throws -> (header: Record, floats: Int) {
        guard bytes.count >= 16, Array(bytes[..<8]) == magic else {
            throw TrainingError(.unreadableArchive, "This is no archive of a model: it does not begin as one. Make one with model.save(to:).")
        }
        let version = number(bytes, at: 8)
        guard version == Self.version else {
            throw TrainingError(
                .unreadableArchive,
                "This archive of a model has the version \(version), and version \(Self.version) is the one read here: save the model again with this version.")
        }
        let length = number(bytes, at: 12)
        guard length <= mostHeader, length <= bytes.count - 16 else {
            throw Record.unreadable("its header should have \(length) bytes, and there are \(bytes.count - 16)")
        }
        do {
            return (try Record(JSONReader.read(Array(bytes[16..<16 + length])), place: "the header"), 16 + length)
        } catch let mistake as JSONReader.Mistake {
            throw Record.unreadable("in its header \(mistake)")
        }
    }

    static func setWeights(_ parameters: [Parameter], from bytes: [UInt8], at start: Int) {
        var offset = start
        bytes.withUnsafeBytes { source in
            for parameter in parameters {
                let target = UnsafeMutableRawBufferPointer(parameter.values)
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<offset + target.count]))
                offset += target.count
            }
        }
    }

    private static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift))) }
    }

    private static func number(_ bytes: [UInt8], at position: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        // Written beside and moved, so that a half-written file never has the name.
        let beside = path + ".part"
        guard let file = fopen(beside, "wb") else { throw notWritten(path) }
        let written = fwrite(bytes, 1, bytes.count, file)
        let closed = fclose(file)
        guard written == bytes.count, closed == 0, rename(beside, path) == 0 else {
            remove(beside)
            throw notWritten(path)
        }
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw notRead(path) }
        defer { fclose(file) }
        guard fseek(file, 0, SEEK_END) == 0, case let size = ftell(file), size >= 0, size <= mostBytes, fseek(file, 0, SEEK_SET) == 0 else {
            throw notRead(path)
        }
        var bytes = [UInt8](repeating: 0, count: size)
        guard fread(&bytes, 1, size, file) == size else { throw notRead(path) }
        return bytes
    }

    private static func notWritten(_ path: String) -> TrainingError {
        TrainingError(.fileNotWritable, "The model can't be written to \(path) (\(String(cString: strerror(errno)))): choose a file in a folder that exists.")
    }

    private static func notRead(_ path: String) -> TrainingError {
        TrainingError(.fileNotReadable, "The model can't be read from \(path) (\(String(cString: strerror(errno)))): check the path.")
    }
}

extension ArchiveFile {
    /// That the weights the layers will need are as many as the archive holds, before any memory is taken for them.
    static func checkWeights(of layers: [(layer: Layer, inputs: [[Int]])], size: Int) throws {
        var needed = 0
        for (layer, inputs) in layers {
            guard layer.inputCount.contains(inputs.count) else {
                throw Record.unreadable("the layer \"\(layer.name)\" has \(counted(inputs.count, "input"))")
            }
            for plan in try layer.parameterPlans(from: inputs) {
                guard let count = Tensor.size(of: plan.shape), count <= mostBytes, needed <= mostBytes else {
                    throw Record.unreadable("the layer \"\(layer.name)\" is too large")
                }
                needed += 4 * count
            }
        }
        guard needed == size else {
            throw Record.unreadable("its layers need \(needed) bytes of weights, and it has \(size)")
        }
    }
}
