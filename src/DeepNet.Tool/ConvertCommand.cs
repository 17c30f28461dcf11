using System.CommandLine;
using DeepNet.Tool.Files;

namespace DeepNet.Tool;

/// <summary><c>deepnet convert FROM TO</c>: the tensors or the table of a file in another format.</summary>
internal static class ConvertCommand
{
    private static readonly DType[] Types = [DType.Float16, DType.BFloat16, DType.Float32, DType.Float64];

    public static Command Create()
    {
        var from = new Argument<string>("FROM") { Description = FileFormats.Known };
        var to = new Argument<string>("TO")
        {
            Description = "The file to write; its name says the format: "
                + string.Join(", ", FileFormats.All.Where(f => f.Save is not null || f.SaveTable is not null).SelectMany(f => f.Endings)),
        };
        var type = new Option<string?>("--type") { Description = "The type of tensors with a fraction; as they are if not given." };
        type.AcceptOnlyFromAmong([.. Types.Select(t => t.Name())]);
        var force = new Option<bool>("--force") { Description = "Write over a file that is there." };
        var command = new Command("convert", "Writes the tensors or the table of a file in another format.") { from, to, type, force };
        command.SetAction(parsed =>
        {
            string source = parsed.GetRequiredValue(from), target = parsed.GetRequiredValue(to);
            if (File.Exists(target) && !parsed.GetValue(force))
                throw new IOException($"{target} is there already. --force writes over it.");
            DType? wanted = parsed.GetValue(type) is { } name ? Types.First(t => t.Name() == name) : null;
            parsed.InvocationConfiguration.Output.WriteLine(Convert(source, target, wanted));
            return 0;
        });
        return command;
    }

    private static string Convert(string source, string target, DType? type)
    {
        FileFormat from = FileFormats.OfFile(source), to = FileFormats.ToWrite(target);
        if (from.Table is not null && to.SaveTable is not null)
        {
            var table = from.Table(source);
            to.SaveTable(target, table);
            return $"{target}: {to.Name}, {InspectCommand.Amount(table.Columns.Count, "column")} of "
                + InspectCommand.Amount(table.Count, "row");
        }
        if (from.Tensors is null || to.Save is null)
            throw new NotSupportedException($"{source} is {from.Name} and {target} would be {to.Name}: {Obstacle(from, to)}");
        using var scope = Memory.Scope();
        var (tensors, leftOut) = from.Tensors(source);
        if (type is { } wanted) tensors = tensors.ToDictionary(t => t.Key, t => t.Value.DType.IsFloating() ? t.Value.To(wanted) : t.Value);
        to.Save(target, tensors);
        return $"{target}: {to.Name}, {InspectCommand.Amount(tensors.Count, "tensor")}, {InspectCommand.Size(new FileInfo(target).Length)}"
            + (leftOut is null ? "" : $"\nleft out: {leftOut}");
    }

    private static string Obstacle(FileFormat from, FileFormat to)
        => from.Table is not null ? "tables are written as Parquet alone."
            : to == FileFormats.OnnxFormat ? "ONNX holds a program beside weights. OnnxExport.Save writes a model from code."
            : to.Table is not null ? "tensors are no table."
            : $"{to.Name} is read and not written.";
}
