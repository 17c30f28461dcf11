using Xunit.Abstractions;
using Xunit.Sdk;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// A theory whose rows begin with a device's name. A row is skipped where its device lacks what the test needs, or an element type that the
/// row names, and the report says which.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("DeepNet.Ilgpu.Tests.OnDevices.DeviceTheoryDiscoverer", "DeepNet.Ilgpu.Tests")]
public sealed class DeviceTheoryAttribute : TheoryAttribute
{
    /// <summary>Gets or sets the capabilities that every row needs.</summary>
    public DeviceCapabilities Needs { get; set; }

    /// <summary>Gets or sets the reason for which the test makes no sense on OpenCL, or null.</summary>
    public string? NotOnOpenCL { get; set; }
}

/// <summary>Finds the rows of a <see cref="DeviceTheoryAttribute"/>.</summary>
public sealed class DeviceTheoryDiscoverer(IMessageSink sink) : TheoryDiscoverer(sink)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow)
    {
        if (Missing(theoryAttribute, dataRow) is { } why)
            return CreateTestCasesForSkippedDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow, why);
        if (Device.Parse((string)dataRow[0]).Supports(DType.Float64))
            return base.CreateTestCasesForDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow);
        return [new CaseWithoutDoubles(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod,
            dataRow)];
    }

    private static string? Missing(IAttributeInfo theory, object[] row)
    {
        var device = Device.Parse((string)row[0]);
        if (device.Kind == DeviceKind.OpenCL && theory.GetNamedArgument<string?>(nameof(DeviceTheoryAttribute.NotOnOpenCL)) is { } why)
            return $"{device.Name}: {why}";
        foreach (var dtype in row.OfType<DType>())
            if (!device.Supports(dtype)) return $"{device.Name} ({device.Description}) has no {dtype.Name()}";
        var missing = theory.GetNamedArgument<DeviceCapabilities>(nameof(DeviceTheoryAttribute.Needs)) & ~device.Capabilities;
        return missing == DeviceCapabilities.None
            ? null
            : $"{device.Name} ({device.Description}) lacks the capability {missing}, which this needs";
    }
}
