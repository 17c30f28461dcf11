using System.Text;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>Reads and writes weights under the names that torchvision and Hugging Face use.</summary>
public static partial class Pretrained
{
    /// <summary>
    /// Reads weights from a safetensors file or one of PyTorch (.pt, .pth, .bin), from an index and its shards, or from a folder that has
    /// any of these, and renames them as the family's table says. Values are converted to the model's element types and devices. Nothing
    /// is changed if there is an error.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file or folder.</param>
    /// <param name="strict">
    /// True to demand a value for each tensor of the model, and a place for each of the file; false to take what fits and report the rest,
    /// such as a head with another number of classes.
    /// </param>
    /// <returns>What was loaded, missing and left over.</returns>
    /// <exception cref="FileNotFoundException">There are no weights in a format that is read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    /// <exception cref="ArgumentException">If strict, something does not fit; the message lists what, with the shapes.</exception>
    /// <example><code>
    /// var model = new ResNet(ResNetConfig.ResNet18 with { Classes = 10 });
    /// Console.WriteLine(model.LoadPretrained("resnet18.safetensors", strict: false));    // all but the head
    /// </code></example>
    public static LoadReport LoadPretrained(this Module model, string path, bool strict = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var given = WeightFiles.Load(path);
        try
        {
            var table = TableOf(model);
            var wanted = model.State();
            var (fits, report) = Fit(table, given, wanted);
            if (strict && !report.IsComplete)
                throw new ArgumentException(
                    $"[load_pretrained] {path} does not fit this {model.GetType().Name}, and nothing was changed: {report}");
            model.LoadState(fits, strict: false);
            return report;
        }
        finally
        {
            foreach (var tensor in given.Values) tensor.Dispose();
        }
    }

    /// <summary>
    /// Writes weights under the names and in the layouts that files of the family have: to <c>model.safetensors</c> of a folder, with
    /// a <c>config.json</c> where the family has one, or to a file whose name ends in <c>.safetensors</c>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The folder or file.</param>
    public static void SavePretrained(this Module model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool isFile = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        var table = TableOf(model);
        // Transformers refuses files that do not say which framework their layout belongs to.
        SafeTensors.Save(
            isFile ? path : Path.Combine(path, WeightFiles.Whole),
            model.State().Select(entry => KeyValuePair.Create(entry.Key, table.Turn(entry.Key, entry.Value))),
            new Dictionary<string, string> { ["format"] = "pt" });
        if (!isFile && (model as IPretrained)?.Configuration is { } configuration)
            File.WriteAllText(Path.Combine(path, ConfigFile.Name), configuration.ToString() + "\n", new UTF8Encoding(false));
    }

    private static WeightTable TableOf(Module model) => (model as IPretrained)?.Weights ?? WeightTable.Same;

    private static (Dictionary<string, Tensor> Fits, LoadReport Report) Fit(
        WeightTable table, Dictionary<string, Tensor> given, IReadOnlyDictionary<string, Tensor> wanted)
    {
        var (known, fits) = (new Dictionary<string, Tensor>(), new Dictionary<string, Tensor>());
        var (missing, unexpected, ignored) = (new List<string>(), new List<string>(), new List<string>());
        var reshaped = new List<(string, Shape, Shape)>();
        foreach (var (inFile, tensor) in given)
        {
            string? name = table.NameOf(inFile, wanted.ContainsKey);
            if (name is null) ignored.Add(inFile);
            else if (!wanted.ContainsKey(name)) unexpected.Add(inFile);
            else if (!known.TryAdd(name, table.Turn(name, tensor)))
                throw new ArgumentException(
                    $"[load_pretrained] two tensors of the file are '{Printable.Line(name)}' of the model, one of them "
                    + $"'{Printable.Line(inFile)}'.");
        }
        foreach (var (name, own) in wanted)
        {
            if (!known.TryGetValue(name, out var value))
            {
                if (!table.IsOptional(name)) missing.Add(name);
            }
            else if (!value.Shape.Equals(own.Shape)) reshaped.Add((name, own.Shape, value.Shape));
            else fits.Add(name, value);
        }
        return (fits, new LoadReport([.. fits.Keys], missing, unexpected, reshaped, ignored));
    }
}
