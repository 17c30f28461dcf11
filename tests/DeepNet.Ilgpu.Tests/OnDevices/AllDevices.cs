using DeepNet.Ilgpu;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// The devices that tests run on: every one of this machine but the processor, which DeepNet.Tests is about. One is always there.
/// </summary>
public static class AllDevices
{
    /// <summary>Names the only devices to run on, separated by commas.</summary>
    private const string Variable = "DEEPNET_TEST_DEVICES";

    public static string[] Names { get; } = Find();

    private static string[] Find()
    {
        IlgpuDevices.Register();
        return Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen
            ? chosen.Split(',')
            : [.. Device.All.Where(d => d.Kind != DeviceKind.Cpu).Select(d => d.Name)];
    }

    /// <summary>A row for each device.</summary>
    public static TheoryData<string> Rows => [.. Names];

    /// <summary>The types that numbers with fractions are computed in.</summary>
    public static DType[] Floats => [DType.Float64, DType.Float32];

    /// <summary>Each device with each of these in both types of fractions, or in those that a case is for.</summary>
    public static TheoryData<string, T, DType> WithFloats<T>(IEnumerable<T> others, Func<T, DType, bool>? isFor = null)
    {
        var rows = new TheoryData<string, T, DType>();
        foreach (var other in others)
            foreach (var dtype in Floats)
                if (isFor?.Invoke(other, dtype) ?? true)
                    foreach (string name in Names) rows.Add(name, other, dtype);
        return rows;
    }

    /// <summary>Each device with each of these.</summary>
    public static TheoryData<string, T> With<T>(IEnumerable<T> others)
    {
        var rows = new TheoryData<string, T>();
        foreach (var other in others)
            foreach (string name in Names) rows.Add(name, other);
        return rows;
    }
}
