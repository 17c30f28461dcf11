using System.Reflection;
using Xunit.Sdk;

namespace DeepNet.Models.Tests;

/// <summary>After a test nobody may hold memory that nobody held before it.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class LeakCheckAttribute : BeforeAfterTestAttribute
{
    private long live;

    public override void Before(MethodInfo methodUnderTest) => live = Memory.LiveBytes;

    public override void After(MethodInfo methodUnderTest)
    {
        Assert.True(Autograd.IsEnabled, "The test left recording off.");
        for (int i = 0; i < 4 && Memory.LiveBytes > live; i++)
        {
            Memory.Reclaim();
            GC.WaitForPendingFinalizers();
        }
        long grown = Memory.LiveBytes - live;
        Assert.True(grown <= 0, $"{grown} bytes are still held after the test.\n{Memory.Report()}");
    }
}
