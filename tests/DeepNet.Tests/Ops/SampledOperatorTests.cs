using System.Reflection;
using DeepNet.Ops;

namespace DeepNet.Tests.Operators;

/// <summary>
/// Every structured operator, found by reflection, on its own samples: derivatives of two orders, and float32 beside float64.
/// </summary>
public class SampledOperatorTests
{
    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var type in Types)
                foreach (var sample in Samples(type)) rows.Add(type.Name, sample.Name);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradients_are_those_of_finite_differences(string type, string sample)
    {
        var (_, apply, inputs) = Find(type, sample);
        FiniteDifferences.Check(apply, inputs);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Float32_agrees_with_float64(string type, string sample)
    {
        var (_, apply, inputs) = Find(type, sample);
        var exact = apply(inputs);
        var single = apply([.. inputs.Select(x => x.To(DType.Float32))]);
        Assert.Equal(exact.Shape, single.Shape);
        double[] expected = exact.ToArray<double>(), actual = single.ToArray<double>();
        double largest = expected.Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= 1e-5 * Math.Max(1, largest), $"element {i} is {actual[i]}, in float64 {expected[i]}");
    }

    [Fact]
    public void Names_of_samples_are_unique_and_every_operator_has_one()
    {
        foreach (var type in Types)
        {
            var names = Samples(type).Select(s => s.Name).ToList();
            Assert.True(names.Count > 0, $"{type.Name} has no samples");
            Assert.True(names.Distinct().Count() == names.Count, $"{type.Name} has two samples of one name");
        }
    }

    [Fact]
    public void Structured_operators_have_samples()
    {
        // An operator is sampled, or part of one that is (a nested class), or its gradient is tested in another way, for the reason beside
        // it.
        string[] others =
        [
            "FusedSequence`1", // the cells are sampled
            "GammaSample", // its gradient follows the quantile, not the way in which it was drawn: ImplicitGradientTests
            "Transfer", // needs a second device
            "Unpool", // the adjoint of pooling, met in the second derivatives of its samples
        ];
        var bare = typeof(Operator).Assembly.GetTypes()
            .Where(
            t => t.IsSubclassOf(typeof(Operator)) && !t.IsAbstract && !t.IsNested && t.Namespace == "DeepNet.Ops"
                && !typeof(ISampled).IsAssignableFrom(t))
            .Select(t => t.Name);
        Assert.Empty(bare.Except(others));
    }

    private static IEnumerable<Type> Types => typeof(ISampled).Assembly.GetTypes()
        .Where(t => typeof(ISampled).IsAssignableFrom(t) && !t.IsAbstract && !t.IsGenericTypeDefinition)
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    private static IEnumerable<Sample> Samples(Type type)
        => (IEnumerable<Sample>)type.GetProperty(nameof(ISampled.Samples), BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    private static Sample Find(string type, string sample) => Samples(Types.Single(t => t.Name == type)).Single(s => s.Name == sample);
}
