import Foundation

/// Why a notebook could not be read or written: a sentence, and the place when there is one.
public struct NotebookError: Error, LocalizedError, CustomStringConvertible, Sendable, Equatable {
    /// The file's path, when the notebook came from a file.
    public var file: String?
    /// The line, from 1.
    public var line: Int?
    /// The column, from 1, counted in Unicode scalars.
    public var column: Int?
    public var sentence: String

    public init(_ sentence: String, file: String? = nil, line: Int? = nil, column: Int? = nil) {
        self.sentence = sentence
        self.file = file
        self.line = line
        self.column = column
    }

    /// `exercise.swift:12:3: The sentence.`
    public var description: String {
        guard let file else {
            guard let line else { return sentence }
            return "Line \(line)" + (column.map { ", column \($0)" } ?? "") + ": " + sentence
        }
        let place = [line, column].compactMap { $0 }.map { ":\($0)" }.joined()
        return "\(file)\(place): \(sentence)"
    }

    public var errorDescription: String? { description }

    func inFile(_ path: String) -> NotebookError {
        var copy = self
        copy.file = file ?? path
        return copy
    }
}

/// Something in a script that was read, though its author probably meant something else.
public struct Remark: Sendable, Equatable, CustomStringConvertible {
    /// The line in the script, from 1.
    public var line: Int
    public var sentence: String

    public var description: String { "Line \(line): \(sentence)" }
}

/// Something that a notebook holds and a script cannot; the sentence tells the person who converts.
public struct Loss: Sendable, Equatable, CustomStringConvertible {
    public var sentence: String

    public var description: String { sentence }
}

/// Line and column of a byte, both from 1; the column counts Unicode scalars.
func place(ofByte offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (line: Int, column: Int) {
    var line = 1
    var column = 1
    for byte in bytes[..<min(offset, bytes.count)] {
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }
    return (line, column)
}

/// The text that `data` holds.
/// - Throws: `NotebookError` with the place of the first byte that is not UTF-8.
func text(of data: Data) throws -> String {
    if let text = String(validating: data, as: UTF8.self) { return text }
    let bytes = [UInt8](data)
    // The longest valid beginning, found by decoding scalar by scalar.
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    let (line, column) = bytes.withUnsafeBufferPointer { place(ofByte: offset, in: $0) }
    throw NotebookError(
        "This byte is not part of UTF-8 text. Save the file in the encoding UTF-8.", line: line, column: column)
}
