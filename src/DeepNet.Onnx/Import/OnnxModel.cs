using DeepNet.IO;
using DeepNet.Nn;

namespace DeepNet.Onnx;

/// <summary>
/// A model that was read from an ONNX file. It runs, trains, freezes and saves as any module: its floating initializers are parameters
/// under their own names.
/// </summary>
/// <remarks>
/// It evaluates until <see cref="Module.Train"/> is called; while it is trained, batch normalisations use the statistics of the batch and
/// update the running ones, as the layers do. Operators that cannot be read are listed all at once by the error of
/// <see cref="Load(string, OnnxLimits?)"/>.
/// </remarks>
/// <example><code>
/// var model = OnnxModel.Load("resnet18.onnx");
/// Console.WriteLine(string.Join(", ", model.Inputs));
/// var scores = model.Forward(images);
/// </code></example>
public sealed class OnnxModel : Module
{
    // What a few bytes of a file make while it is read stays small.
    private const int MostShapes = 16, MostFolded = 1 << 16;

    [StateName("")]
    private readonly OrderedDictionary<string, Parameter> parameters = [];

    [StateName("")]
    private readonly OrderedDictionary<string, StateBuffer> buffers = [];

    private readonly Plan plan;
    private readonly Tensor?[] constants;
    private readonly List<(int Place, string Name, bool IsParameter)> weights = [];
    private readonly List<(string Name, int Place)> inputs = [], outputs = [];
    private readonly HashSet<Step> shapeSteps;
    private readonly Dictionary<ShapeKey, ShapeMemory> shapes = [];
    private readonly OnnxLimits limits;

    private OnnxModel(ModelProto proto, string path, string? folder, OnnxLimits limits)
    {
        this.limits = limits;
        var compiler = new GraphCompiler(proto, path, folder, limits);
        plan = compiler.Compile();
        constants = new Tensor?[compiler.Places];
        var graph = proto.Graph!;
        Producer = string.Join(' ', new[] { proto.Producer, proto.ProducerVersion }.Where(part => part.Length > 0));
        Opset = (int)GraphCompiler.Version(proto.Opsets, "");
        Metadata = proto.Metadata.GroupBy(entry => entry.Key).ToDictionary(entries => entries.Key, entries => entries.Last().Value);
        Place(compiler);
        Inputs = [.. graph.Inputs.Where(input => !compiler.Given.ContainsKey(compiler.Names[input.Name])).Select(
            input => Describe(input, path))];
        foreach (var input in graph.Inputs) inputs.Add((input.Name, compiler.Names[input.Name]));
        Outputs = [.. graph.Outputs.Select(output => Describe(output, path))];
        for (int i = 0; i < plan.Outputs.Length; i++) outputs.Add((graph.Outputs[i].Name, plan.Outputs[i]));
        Folding.Apply(plan, constants, Math.Min(limits.MaxMadeElements, MostFolded));
        Fusing.Apply(plan, constants);
        foreach (var constant in constants) if (constant is not null) Memory.Keep(constant);
        shapeSteps = ShapeSteps.Of(plan, constants, weights.Select(weight => weight.Place));
        LastUses.Note(plan);
        Eval();
    }

    /// <summary>Gets the inputs that must be given, in order.</summary>
    public IReadOnlyList<OnnxValue> Inputs { get; }

    /// <summary>Gets the outputs, in order.</summary>
    public IReadOnlyList<OnnxValue> Outputs { get; }

    /// <summary>Gets the program that wrote the file.</summary>
    public string Producer { get; }

    /// <summary>Gets the version of the operator set that the file asks for.</summary>
    public int Opset { get; }

    /// <summary>Gets the texts that the file has beside the model.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a model from a file; tensors that lie in other files of its folder are found.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The limits of what the file may hold; <see cref="OnnxLimits.Default"/> if null.</param>
    /// <exception cref="NotSupportedException">The model has operators that cannot be read; the message lists all of them.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or beyond the limits.</exception>
    public static OnnxModel Load(string path, OnnxLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        limits ??= OnnxLimits.Default;
        if (UnixFiles.SpecialKind(path) is { } kind) throw new InvalidDataException(
            Printable.Text($"[onnx] {path} is {kind}, not a file."));
        long length = new FileInfo(path).Length;
        CheckLength(path, length, limits);
        return Read(File.ReadAllBytes(path), path, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)), limits);
    }

    /// <summary>Reads a model from a stream, to its end. The stream stays open.</summary>
    /// <inheritdoc cref="Load(string, OnnxLimits?)"/>
    public static OnnxModel Load(Stream stream, OnnxLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= OnnxLimits.Default;
        using var bytes = new MemoryStream();
        var piece = new byte[1 << 16];
        for (int read; (read = stream.Read(piece)) > 0;)
        {
            CheckLength("the stream", bytes.Length + read, limits);
            bytes.Write(piece, 0, read);
        }
        return Read(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), "the stream", null, limits);
    }

    private static void CheckLength(string path, long length, OnnxLimits limits)
    {
        if (length > limits.MaxFileBytes)
            throw new InvalidDataException(Printable.Text(
                $"[onnx] {path} has more than {limits.MaxFileBytes:N0} bytes, the limit of OnnxLimits.MaxFileBytes."));
    }

    private static OnnxModel Read(ReadOnlyMemory<byte> bytes, string path, string? folder, OnnxLimits limits)
        => new(ModelProto.Read(new WireReader(bytes, path)), path, folder, limits);

    // Parameters and buffers get their values at each run; all else is a constant.
    private void Place(GraphCompiler compiler)
    {
        var uses = new Dictionary<int, List<(string Op, int Input)>>();
        foreach (var step in plan.All)
            for (int i = 0; i < step.Inputs.Length; i++)
                if (step.Inputs[i] >= 0) (uses.TryGetValue(step.Inputs[i], out var list) ? list : uses[step.Inputs[i]] = []).Add(
                    (step.Name, i));
        foreach (var (place, (proto, isOuter)) in compiler.Given)
        {
            var tensor = compiler.Load(proto);
            Take(place, isOuter ? proto.Name : "", tensor, uses.GetValueOrDefault(place) ?? []);
        }
        foreach (var step in plan.Steps)
        {
            if (step.Name != "Constant" || step.Outputs.Length == 0 || step.Outputs[0] < 0) continue;
            if (step.Attribute("value")?.Tensor is not { } proto) continue;
            int place = step.Outputs[0];
            var of = uses.GetValueOrDefault(place) ?? [];
            if (!of.Exists(use => Roles.IsWeight(use.Op, use.Input) || Roles.IsStatistic(use.Op, use.Input))) continue;
            var tensor = compiler.Load(proto);
            if (!IsUniform(tensor)) Take(place, step.Node.Outputs[0], tensor, of);
        }
        plan.Steps.RemoveAll(step => step.Name == "Constant" && step.Outputs is [>= 0]
            && weights.Exists(weight => weight.Place == step.Outputs[0]));
    }

    // Scales of 1 and shifts of 0 stand where a layer has none.
    private static bool IsUniform(Tensor tensor) => tensor.Count == 0
        || (tensor.DType.IsFloating() && tensor.ToArray<double>().Distinct().Count() == 1);

    private void Take(int place, string name, Tensor tensor, List<(string Op, int Input)> uses)
    {
        bool isStatistic = uses.Exists(use => Roles.IsStatistic(use.Op, use.Input));
        bool isSetting = uses.Count > 0 && uses.TrueForAll(
            use => Roles.IsSetting(use.Op, use.Input) || (tensor.Count == 1 && Roles.IsArithmetic(use.Op)));
        bool isTrained = tensor.DType.IsFloating() && tensor.Rank > 0 && !isSetting && !isStatistic && name.Length > 0;
        // The constants of a function that is applied twice have one name.
        if (parameters.ContainsKey(name) || buffers.ContainsKey(name)) (isStatistic, isTrained) = (false, false);
        if (isStatistic && name.Length > 0)
        {
            buffers.Add(name, new StateBuffer(tensor));
            weights.Add((place, name, false));
        }
        else if (isTrained)
        {
            parameters.Add(name, new Parameter(tensor, tensor.DType.IsDifferentiable()));
            weights.Add((place, name, true));
        }
        else
        {
            constants[place] = tensor;
        }
    }

    private static OnnxValue Describe(ValueInfoProto info, string path)
    {
        if (!info.IsTensor || !ElementTypes.TryGet(info.Type, out var dtype, out _))
            throw new NotSupportedException(Printable.Text($"[onnx] {path}: {Damage.Quote(info.Name)} is "
                + (info.IsTensor ? $"a tensor of {ElementTypes.NameOf(info.Type)}" : "no tensor but a sequence, a map or an optional value")
                + ", which cannot be read."));
        return new OnnxValue(info.Name, dtype, info.Shape?.AsReadOnly());
    }

    /// <summary>Computes the first output from the only input.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (Inputs.Count != 1)
            throw new InvalidOperationException(
                $"[onnx] the model has {Inputs.Count} inputs ({string.Join(", ", Inputs)}): use Run.");
        return Compute(frame => frame[Named(Inputs[0].Name)] = x)[0];
    }

    /// <summary>Computes all outputs, in order, from the inputs in order.</summary>
    public Tensor[] Run(params ReadOnlySpan<Tensor> x)
    {
        if (x.Length != Inputs.Count)
            throw new ArgumentException($"[onnx] {x.Length} tensors were given; the inputs are {string.Join(", ", Inputs)}.");
        var given = x.ToArray();
        return Compute(frame =>
        {
            for (int i = 0; i < given.Length; i++) frame[Named(Inputs[i].Name)] = given[i];
        });
    }

    /// <summary>Computes the outputs by name from the inputs by name.</summary>
    /// <param name="inputs">A tensor for each of <see cref="Inputs"/>.</param>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in Inputs)
            if (!inputs.ContainsKey(input.Name)) throw new ArgumentException($"[onnx] the input {input} is missing.");
        var results = Compute(frame =>
        {
            foreach (var (name, tensor) in inputs) frame[Named(name)] = tensor;
        });
        var named = new OrderedDictionary<string, Tensor>();
        for (int i = 0; i < outputs.Count; i++) named[outputs[i].Name] = results[i];
        return named;
    }

    private int Named(string name)
    {
        foreach (var (own, place) in inputs) if (own == name) return place;
        throw new ArgumentException($"[onnx] there is no input '{name}'; the inputs are {string.Join(", ", Inputs)}.");
    }

    private Tensor[] Compute(Action<Tensor?[]> give)
    {
        var frame = (Tensor?[])constants.Clone();
        foreach (var (place, name, isParameter) in weights)
            frame[place] = isParameter ? parameters[name].Value : buffers[name].Value;
        give(frame);
        var key = ShapeKey.Of(inputs.Select(input => frame[input.Place]), IsTraining);
        ShapeMemory? memory, made = null;
        // A recording has to see every operator.
        bool isWatched = Devices.Listener.IsOn && Devices.ThreadContext.Current.Listener is not null;
        lock (shapes)
            if (isWatched) memory = null;
            else if (!shapes.TryGetValue(key, out memory) && shapeSteps.Count > 0) made = memory = new ShapeMemory(shapeSteps);
        var context = new RunContext(frame, IsTraining, limits.MaxMadeElements)
        {
            Shapes = memory, Uses = Autograd.IsEnabled || isWatched ? null : new StorageUses(frame),
        };
        Runner.Run(plan, context);
        if (made is not null)
        {
            made.Complete();
            lock (shapes)
            {
                if (shapes.Count >= MostShapes) shapes.Clear();
                shapes[key] = made;
            }
        }
        var results = new Tensor[outputs.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = frame[outputs[i].Place] ?? throw new ArgumentException($"[onnx] the output '{outputs[i].Name}' was not computed.");
        return results;
    }
}
