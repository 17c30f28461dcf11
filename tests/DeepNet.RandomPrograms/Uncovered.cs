namespace DeepNet.RandomPrograms;

/// <summary>
/// The public operators that programs do not call, each group with the reason. A test fails for an operator that is in neither list.
/// </summary>
internal static class Uncovered
{
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string[]>
    {
        ["Programs are made of it: blocks, leaves, and the backward pass at their end"] =
        [
            "Autograd.Checkpoint(Func<Tensor, Tensor>, Tensor)", "Autograd.Checkpoint(Func<Tensor[], Tensor>, Tensor[])",
            "Tensor.WithGrad()", "Tensor.get_Grad()", "Memory.Keep(Tensor)",
        ],
        ["Derivatives of functions, which have tests of their own"] =
        [
            "Autograd.Grad(ReadOnlySpan<Tensor>, ReadOnlySpan<Tensor>, ReadOnlySpan<Tensor>, bool, bool)",
            "Autograd.Grad(Tensor, ReadOnlySpan<Tensor>, Tensor, bool, bool)",
            "Autograd.Grad(Tensor, Tensor, Tensor, bool, bool)",
            "Autograd.TryGrad(ReadOnlySpan<Tensor>, ReadOnlySpan<Tensor>, ReadOnlySpan<Tensor>, bool, bool)",
            "Autograd.Hessian(Func<Tensor, Tensor>, Tensor)", "Autograd.Hvp(Func<Tensor, Tensor>, Tensor, Tensor, bool)",
            "Autograd.Jacobian(Func<Tensor, Tensor>, Tensor)",
            "Autograd.Jvp(Func<Tensor, Tensor>, Tensor, Tensor, bool)", "Autograd.Vjp(Func<Tensor, Tensor>, Tensor, Tensor, bool)",
        ],
        ["Calls of a module with other weights, which have tests of their own"] =
        [
            "Module.CallWith(IReadOnlyDictionary<string, Tensor>, Tensor)", "Module.CallWith(IReadOnlyList<Tensor>, Tensor)",
        ],
        ["Generic: every formula and every distribution is tested by itself"] =
        [
            "Tensor.Apply(TOp)", "Tensor.Apply(TOp, Tensor)", "Tensor.FillRandom(TDistribution, Generator)",
        ],
        ["Shorter forms of what is covered, always of float32"] =
        [
            "Tensor.Arange(Scalar)", "Tensor.Arange(Scalar, Scalar)", "Tensor.Ones(ReadOnlySpan<int>)", "Tensor.Rand(ReadOnlySpan<int>)",
            "Tensor.RandInt(long, long, ReadOnlySpan<int>)",
            "Tensor.Randn(ReadOnlySpan<int>)", "Tensor.Zeros(ReadOnlySpan<int>)",
        ],
        ["Conversion of C#'s own data, of which no gradient is asked"] =
        [
            "Tensor.From(ReadOnlySpan<T>)", "Tensor.From(ReadOnlySpan<T>, Shape, Device)", "Tensor.From(ReadOnlyTensorSpan<T>, Device)",
            "Tensor.From(T[,,,], Device)",
            "Tensor.From(T[,,], Device)", "Tensor.From(T[,], Device)", "Tensor.From(T[][])", "Tensor.FromArray(Array, Device)",
            "Tensor.op_Implicit(Scalar)",
            "Tensor.op_Implicit(bool)", "Tensor.op_Implicit(double)", "Tensor.op_Implicit(float)", "Tensor.op_Implicit(int)",
            "Tensor.op_Implicit(long)",
        ],
        ["The content is undefined"] = ["Tensor.Empty(Shape, DType, Device)", "Tensor.EmptyLike(Tensor, DType?)"],
        ["Needs a second device"] = ["Tensor.To(Device)"],
        ["Takes two inputs: called through its own Forward, which is covered"] = ["new Bilinear(int, int, int, bool, Generator)",
            "new TransformerDecoderLayer(TransformerOptions)", "new TransformerDecoder(TransformerOptions, int, Module)",
            "new Transformer(TransformerOptions, int, int)"],
        ["Another constructor of a container that is covered, or one without layers"] = ["new Sequential()",
            "new Sequential(IEnumerable<(string, Module)>)", "new Conv2dNorm(Conv2d, BatchNorm2d, Activation)"],
        ["What a covered layer calls, for layers that a model holds apart"] =
            ["Conv2dNorm.Apply(Conv2d, BatchNorm2d, Tensor, Activation, Tensor)"],
        ["Computes a parameter of a layer: has tests of its own"] =
        [
            "new WeightNorm(int?)", "new SpectralNorm(int, int, double, Generator)",
        ],
        ["Made of a trained layer or matrix, by rounding: have tests of their own"] =
        [
            "new QuantizedLinear(Linear)", "Quantization.PerRow(Tensor)",
        ],
        ["The base of the activations that are covered"] = ["new Activation(Formula)"],
    }.SelectMany(group => group.Value.Select(name => (name, group.Key))).ToDictionary(p => p.name, p => p.Key);
}
