using DeepNet.Ops;

namespace DeepNet.Tests.Products;

/// <summary>First and second derivatives of the samples of linear operators, by finite differences in double.</summary>
public sealed class LinearSampleTests
{
    private static readonly Dictionary<string, IEnumerable<Sample>> Operators = new()
    {
        ["affine"] = Affine.Samples,
        ["matmul"] = MatMul.Samples,
        ["convolution"] = DeepNet.Ops.Convolution.Samples,
        ["max_pool"] = MaxPool.Samples,
        ["avg_pool"] = AvgPool.Samples,
    };

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (op, samples) in Operators)
                foreach (var sample in samples) data.Add(op, sample.Name);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives(string op, string name)
    {
        var sample = Operators[op].Single(s => s.Name == name);
        Probe.Derivative(sample.Apply, sample.Inputs);
        Probe.Derivative(sample.Apply, sample.Inputs, order: 2);
    }
}
