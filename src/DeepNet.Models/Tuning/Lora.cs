using System.Globalization;
using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Low-rank adaptation (Hu et al. 2021): a weight W stays as it is, and s·B·A is added to it, where B and A are thin matrices that are
/// trained. A model may have several adapters, by name, of which any are in use with any weights.
/// </summary>
/// <remarks>
/// What is adapted are parameters of two axes or more, whatever layer they belong to: linear layers, convolutions, embeddings, the packed
/// projections of an attention. The names of the model's own weights stay what they are, so that files of the model load
/// (<c>strict: false</c>) and adapters are saved beside them: of a weight <c>fc.weight</c> they are <c>fc.weight.lora.NAME.a</c> and
/// <c>.b</c>. B begins as zeros, so that an adapter changes nothing until it is trained.
/// </remarks>
/// <example><code>
/// Lora.Add(model, rank: 8, alpha: 16, targets: "*.attn.*");
/// var optimizer = new AdamW(Lora.Parameters(model), 1e-3);       // all else is frozen
/// …
/// Lora.Save(model, "poems.safetensors");                         // a hundredth of the model
/// Lora.Merge(model);                                             // the speed of the plain model
/// </code></example>
public static class Lora
{
    /// <summary>The name of an adapter that is given none.</summary>
    public const string DefaultName = "default";

    /// <summary>
    /// Adds an adapter, which is the one in use from then on, freezes everything else, and returns the number of weights that it adapts.
    /// Call it before the optimizer is made; unfreeze afterwards what is to be trained besides, such as a new head.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="rank">The rank of what is added.</param>
    /// <param name="alpha">The scale s is alpha / rank; twice the rank if null.</param>
    /// <param name="targets">A pattern of the weights, as <see cref="Module.NamedParameters(string)"/> takes it.</param>
    /// <param name="dropout">
    /// The probability with which the adapter does not see an input feature while training; one draw for the whole batch.
    /// </param>
    /// <param name="name">The name of the adapter; no dots.</param>
    /// <param name="generator">The source of A and of dropout.</param>
    public static int Add(
        Module model, int rank, double? alpha = null, string targets = "*", double dropout = 0, string name = DefaultName,
        Generator? generator = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank);
        var adapted = Weights(model);
        var own = adapted.SelectMany(w => w.Weight.Adapters.Values).SelectMany(a => a.Parameters()).ToHashSet();
        var found = model.NamedParameters(targets).Where(p => p.Parameter.Shape.Rank >= 2 && !own.Contains(p.Parameter)).ToList();
        if (found.Count == 0)
            throw new ArgumentException($"[lora] '{targets}' fits no parameter of two axes or more: nothing could be adapted.",
                nameof(targets));
        Attach(model, name, found, _ => rank, new(alpha ?? 2 * rank, dropout, generator));
        return found.Count;
    }

    /// <summary>The parameters of an adapter, or of all if no name is given: what an optimizer is made from.</summary>
    public static IReadOnlyList<Parameter> Parameters(Module model, string? name = null)
        => [.. Weights(model).SelectMany(w => w.Weight.Adapters).Where(a => name is null || a.Key == name)
            .SelectMany(a => a.Value.Parameters())];

    /// <summary>The names of a model's adapters.</summary>
    public static IReadOnlyList<string> Names(Module model) => [.. Weights(model).SelectMany(w => w.Weight.Adapters.Keys).Distinct()];

    /// <summary>
    /// Puts adapters into use with weights, and all others out of use; with none the model is as it was without adapters.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="adapters">The names, and by how much of each the weights change: 1 is what was trained.</param>
    public static void Use(Module model, params IReadOnlyList<(string Name, double Weight)> adapters)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        var weights = Weights(model);
        RequireUnmerged(weights);
        foreach (var (name, _) in adapters) Require(model, name);
        var given = adapters.ToDictionary(a => a.Name, a => a.Weight);
        foreach (var (_, weight) in weights)
            foreach (var (name, adapter) in weight.Adapters) adapter.Weight = given.GetValueOrDefault(name);
    }

    /// <summary>Puts one adapter into use, and all others out of use.</summary>
    public static void Use(Module model, string name) => Use(model, (name, 1.0));

    /// <summary>
    /// Adds what the adapters in use add to the weights once and for all, so that the model is as fast as it was without.
    /// </summary>
    public static void Merge(Module model)
    {
        foreach (var (_, weight) in Weights(model)) weight.Merge(true);
    }

    /// <summary>Undoes <see cref="Merge"/>, up to the rounding of a sum.</summary>
    public static void Unmerge(Module model)
    {
        foreach (var (_, weight) in Weights(model)) weight.Merge(false);
    }

    /// <summary>
    /// Makes the model a plain one again, whose weights are those with the adapters in use. They stay frozen until they are unfrozen.
    /// </summary>
    public static void Remove(Module model)
    {
        foreach (var (_, weight) in Weights(model)) weight.Remove();
    }

    /// <summary>Writes an adapter alone to a safetensors file.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="name">The name of the adapter, which the file does not hold.</param>
    public static void Save(Module model, string path, string name = DefaultName)
    {
        Require(model, name);
        var tensors = new OrderedDictionary<string, Tensor>();
        double alpha = 0, dropout = 0;
        foreach (var (at, weight) in Weights(model))
        {
            if (!weight.Adapters.TryGetValue(name, out var adapter)) continue;
            tensors.Add($"{at}{FileA}", adapter.A.Value.Detach());
            tensors.Add($"{at}{FileB}", adapter.B.Value.Detach());
            (alpha, dropout) = (adapter.Alpha, adapter.DropoutShare);
        }
        SafeTensors.Save(path, tensors, new Dictionary<string, string>
        {
            [Format] = "1",
            [nameof(alpha)] = alpha.ToString("R", CultureInfo.InvariantCulture),
            [nameof(dropout)] = dropout.ToString("R", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Adds an adapter that a file holds, as <see cref="Add"/> does.</summary>
    /// <param name="model">A model with the weights that the adapter belongs to.</param>
    /// <param name="path">The file.</param>
    /// <param name="name">The name that the adapter gets.</param>
    /// <exception cref="InvalidDataException">The file holds no adapter.</exception>
    /// <exception cref="ArgumentException">The adapter is one of another model.</exception>
    public static void Load(Module model, string path, string name = DefaultName)
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = SafeTensors.Load(path, out var metadata);
        double Number(string key) => metadata.TryGetValue(key, out string? text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : throw new InvalidDataException($"[lora] {path} holds no adapter that Lora.Save has written: there is no '{key}'.");
        Number(Format);
        var known = model.NamedParameters().ToDictionary(p => p.Path, p => p.Parameter);
        var found = new List<(string Path, Parameter Parameter)>();
        foreach (string a in tensors.Keys.Where(key => key.EndsWith(FileA, StringComparison.Ordinal)))
        {
            string at = a[..^FileA.Length];
            if (!known.TryGetValue(at, out var parameter))
                throw new ArgumentException($"[lora] {path} adapts '{Printable(at)}', which this {model.GetType().Name} has not.");
            if (!tensors.TryGetValue(at + FileB, out var b) || !Fits(parameter.Shape, tensors[a].Shape, b.Shape))
                throw new ArgumentException($"[lora] the adapter of '{at}' in {path} does not fit a weight of shape {parameter.Shape}.");
            found.Add((at, parameter));
        }
        if (found.Count == 0 || tensors.Count != 2 * found.Count)
            throw new InvalidDataException($"[lora] {path} holds other tensors than those of an adapter.");
        Attach(model, name, found, at => tensors[at + FileA].Shape[0], new(Number("alpha"), Number("dropout"), null));
        foreach (var (at, weight) in Weights(model))
        {
            if (!tensors.TryGetValue(at + FileA, out var a)) continue;
            weight.Adapters[name].A.Value.Detach().CopyFrom(a);
            weight.Adapters[name].B.Value.Detach().CopyFrom(tensors[at + FileB]);
        }
    }

    private static bool Fits(Shape weight, Shape a, Shape b)
        => weight.Rank >= 2 && a.Rank == 2 && b.Rank == 2 && a[0] > 0 && a[0] == b[1] && LoraWeight.MatrixOf(weight) == (b[0], a[1]);

    private const string Format = "deepnet.lora", FileA = ".lora_a", FileB = ".lora_b";

    private static string Printable(string text) => text.Length > 80 ? text[..80] + "…" : text;

    private static List<(string Path, LoraWeight Weight)> Weights(Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. model.Modules().Where(m => m.Module is LoraWeight).Select(m => (m.Path, (LoraWeight)m.Module))];
    }

    private static void Attach(
        Module model, string name, List<(string Path, Parameter Parameter)> parameters, Func<string, int> rank, LoraSettings settings)
    {
        if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
            throw new ArgumentException($"[lora] '{name}' is no name of an adapter: names are not empty and have no dots.", nameof(name));
        if (Names(model).Contains(name))
            throw new ArgumentException($"[lora] there is an adapter '{name}' already: give the new one another name.", nameof(name));
        var adapted = Weights(model);
        RequireUnmerged(adapted);
        model.Freeze();
        foreach (var (at, parameter) in parameters)
        {
            var weight = adapted.Find(w => ReferenceEquals(w.Weight.Original, parameter)).Weight;
            if (weight is null) parameter.Parametrize(weight = new LoraWeight(parameter));
            weight.Adapters.Add(name, new LoraAdapter(weight.Original.Value, rank(at), settings));
        }
        Use(model, name);
    }

    private static void Require(Module model, string name)
    {
        var names = Names(model);
        if (!names.Contains(name))
            throw new ArgumentException($"[lora] there is no adapter '{name}'. "
                + (names.Count == 0 ? "There is none at all: see Lora.Add." : $"There are '{string.Join("', '", names)}'."));
    }

    private static void RequireUnmerged(List<(string, LoraWeight Weight)> weights)
    {
        if (weights.Any(w => w.Weight.IsMerged))
            throw new InvalidOperationException("[lora] adapters are merged into the weights: call Lora.Unmerge first.");
    }
}
