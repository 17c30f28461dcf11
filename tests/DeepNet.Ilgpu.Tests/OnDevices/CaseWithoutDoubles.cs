using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// A test on a device without float64. Some operators of float32 compute in float64 inside; there the device says so, and the test counts
/// as skipped for that reason.
/// </summary>
public sealed class CaseWithoutDoubles : XunitTestCase
{
    /// <summary>For the runner, which makes it again from what it wrote down.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("for deserialization only")]
    public CaseWithoutDoubles() { }

    public CaseWithoutDoubles(
        IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method, object[] arguments)
        : base(sink, display, options, method, arguments) { }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator,
            CancellationTokenSource cancellationTokenSource)
    {
        using var skipping = new SkippingBus(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, skipping, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= skipping.Skipped;
        summary.Skipped += skipping.Skipped;
        return summary;
    }

    private sealed class SkippingBus(IMessageBus bus) : IMessageBus
    {
        // In the words of the KernelException that names the operator and the kernel.
        private const string Reason = "The device has no float64";

        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is not ITestFailed failed || !failed.Messages.Any(m => m.Contains(Reason, StringComparison.Ordinal)))
                return bus.QueueMessage(message);
            Skipped++;
            return bus.QueueMessage(new TestSkipped(failed.Test, failed.Messages.First(m => m.Contains(Reason, StringComparison.Ordinal))));
        }

        public void Dispose() { }                        // the bus is the runner's
    }
}
