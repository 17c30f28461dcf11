using System.Globalization;
using System.Text;
using DeepNet.IO;

namespace DeepNet.Nn;

public abstract partial class Module
{
    /// <summary>
    /// A table of all layers with the shapes they make of an input, their parameters and their floating-point operations. Runs the
    /// model once on zeros, evaluating.
    /// </summary>
    /// <param name="inputShape">The shape of an input, with the axis of the batch.</param>
    /// <param name="dtype">Its type; integers for models that begin with an embedding.</param>
    public string Summary(Shape inputShape, DType dtype = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(inputShape);
        var modules = Modules().ToList();
        var seen = new Dictionary<Module, (Shape Output, long Flops)>(ReferenceEqualityComparer.Instance);
        var hooks = new List<IDisposable>();
        var modes = modules.Select(m => m.Module.IsTraining).ToList();
        try
        {
            foreach (var layer in modules.Select(m => m.Module).OfType<Layer>())
                hooks.Add(layer.RegisterForwardHook((l, x, y) =>
                {
                    long before = seen.TryGetValue(l, out var earlier) ? earlier.Flops : 0;
                    seen[l] = (y.Shape, before + l.CountFlops(x.Shape, y.Shape));
                    return null;
                }));
            Eval();
            var device = NamedParameters().Select(p => p.Parameter.Value.Device).FirstOrDefault() ?? Device.Cpu;
            using (GradSwitch.Off())
            {
                var output = Forward(Tensor.Zeros(inputShape, dtype, device));
                seen.TryAdd(this, (output.Shape, 0));
            }
        }
        finally
        {
            foreach (var hook in hooks) hook.Dispose();
            for (int i = 0; i < modes.Count; i++) modules[i].Module.IsTraining = modes[i];
        }
        return Table(inputShape, modules, seen);
    }

    /// <summary>
    /// A table of all layers with the shapes of their own parameters and buffers, how many numbers are learned, and bytes. Runs nothing.
    /// </summary>
    public string Summary()
    {
        List<string[]> rows = [["layer", "kind", "weights", "parameters", "bytes"]];
        var counted = new HashSet<object>(ReferenceEqualityComparer.Instance);
        long bytes = 0;
        foreach (var (path, module) in Modules())
        {
            var own = ModuleFields.Parts(module).Where(part => Held(part.Part) is not null && counted.Add(part.Part)).ToList();
            long size = own.Sum(part => Held(part.Part) is { } tensor ? (long)tensor.Count * tensor.DType.Size() : 0);
            bytes += size;
            string shapes = string.Join(", ", own.Select(part => $"{Printable.Line(part.Name)} {Held(part.Part)!.Shape}"));
            rows.Add([Place(path), Printable.Line(module.Description), shapes, Number(own.Sum(part => Learned(part.Part))), Number(size)]);
        }
        return Table(rows) + string.Create(CultureInfo.InvariantCulture, $"{Totals()}, {bytes:N0} bytes");
    }

    private string Table(Shape inputShape, List<(string Path, Module Module)> modules, Dictionary<Module, (Shape Output, long Flops)> seen)
    {
        List<string[]> rows = [["layer", "kind", "output", "parameters", "FLOPs"]];
        long flops = 0;
        foreach (var (path, module) in modules)
        {
            bool ran = seen.TryGetValue(module, out var call);
            flops += call.Flops;
            long own = ModuleFields.Parts(module).Select(p => p.Part).Distinct().Sum(Learned);
            rows.Add([Place(path), Printable.Line(module.Description), ran ? call.Output.ToString() : "", Number(own), Number(call.Flops)]);
        }
        return Table(rows) + string.Create(CultureInfo.InvariantCulture, $"input {inputShape}: {Totals()}, {flops:N0} FLOPs");
    }

    /// <summary>A line for each row, numbers on the right.</summary>
    private static string Table(List<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < rows.Count; i++)
        {
            for (int column = 0; column < widths.Length; column++)
            {
                string cell = rows[i][column];
                text.Append(column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))
                    .Append(column < widths.Length - 1 ? "  " : "\n");
            }
            if (i == 0) text.Append('-', widths.Sum() + 2 * (widths.Length - 1)).Append('\n');
        }
        return text.ToString();
    }

    private string Totals()
    {
        long frozen = NamedParameters().Where(p => !p.Parameter.RequiresGrad).Sum(p => (long)p.Parameter.Value.Count);
        string idle = frozen == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({frozen:N0} frozen)");
        return string.Create(CultureInfo.InvariantCulture, $"{ParameterCount:N0} parameters{idle}");
    }

    private static string Place(string path) => path.Length == 0 ? "(model)" : Printable.Line(path);

    private static long Learned(object part) => part is Parameter parameter ? (long)parameter.Value.Count : 0;

    private static string Number(long n) => n == 0 ? "" : n.ToString("N0", CultureInfo.InvariantCulture);
}
