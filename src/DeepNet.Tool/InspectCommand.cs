using System.CommandLine;
using System.Globalization;
using DeepNet.IO;
using DeepNet.Tool.Files;

namespace DeepNet.Tool;

/// <summary><c>deepnet inspect FILE</c>: names, shapes, types and statistics of what is in a file.</summary>
internal static class InspectCommand
{
    private static readonly string[] Headers = ["name", "type", "shape", "min", "max", "mean", "std", ""];

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = FileFormats.Known };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var brief = new Option<bool>("--brief") { Description = "Leave statistics out: of a safetensors file only the header is read." };
        var command = new Command("inspect", "Shows names, shapes, types and statistics of what is in a file.") { file, json, brief };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            var format = FileFormats.OfFile(path);
            var contents = format.Inspect(path, !parsed.GetValue(brief));
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) WriteJson(output, path, format, contents);
            else WriteText(output, path, format, contents);
            return 0;
        });
        return command;
    }

    private static void WriteText(TextWriter output, string path, FileFormat format, FileContents contents)
    {
        output.WriteLine($"{path}: {format.Name}, {Size(new FileInfo(path).Length)}");
        foreach (var (name, value) in contents.Facts) output.WriteLine($"  {Printable.Line(name)}: {Printable.Line(Short(value))}");
        output.WriteLine();
        if (contents.Parts.Count == 0)
        {
            output.WriteLine("no tensors");
            return;
        }
        TextTable.Write(output, Headers, [.. contents.Parts.Select(Row)]);
        output.WriteLine(format.Table is not null ? $"\n{Amount(contents.Parts.Count, "column")}" : string.Create(
            CultureInfo.InvariantCulture, $"\n{Amount(contents.Parts.Count, "tensor")}, {contents.Parts.Sum(p => p.Count):N0} elements"));
    }

    private static string[] Row(FilePart part) => part.Statistics is { } s
        ? [Printable.Line(part.Name), part.Type, part.ShapeText, Statistics.Text(s.Least), Statistics.Text(s.Most), Statistics.Text(s.Mean),
            Statistics.Text(s.Deviation), s.NotFinite > 0 ? $"{s.NotFinite} NaN or infinite" : part.Note]
        : [Printable.Line(part.Name), part.Type, part.ShapeText, "", "", "", "", part.Note];

    private static void WriteJson(TextWriter output, string path, FileFormat format, FileContents contents) => Json.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", path);
        json.WriteString("format", format.Name);
        json.WriteNumber("bytes", new FileInfo(path).Length);
        json.WriteStartArray("facts");
        foreach (var (name, value) in contents.Facts)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("parts");
        foreach (var part in contents.Parts)
        {
            json.WriteStartObject();
            json.WriteString("name", part.Name);
            json.WriteString("type", part.Type);
            json.WriteStartArray("shape");
            foreach (long length in part.Shape) json.WriteNumberValue(length);
            json.WriteEndArray();
            if (part.Statistics is { } statistics)
            {
                json.Number("min", statistics.Least);
                json.Number("max", statistics.Most);
                json.Number("mean", statistics.Mean);
                json.Number("std", statistics.Deviation);
                json.WriteNumber("notFinite", statistics.NotFinite);
            }
            if (part.Note.Length > 0) json.WriteString("note", part.Note);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Formats a number of bytes: 850 bytes, 12.3 KB, 1.2 GB.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} bytes",
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.#} KB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"),
    };

    /// <summary>Formats a count with its noun: 1 tensor, 2 tensors.</summary>
    public static string Amount(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Short(string text) => text.Length <= 200 ? text : $"{text[..200]}… ({text.Length} characters)";
}
