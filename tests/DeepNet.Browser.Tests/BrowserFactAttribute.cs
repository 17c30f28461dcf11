namespace DeepNet.Browser.Tests;

/// <summary>A test that needs a browser, skipped with a reason where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Chromium.Path is null) Skip = "no Chromium or Chrome found; DEEPNET_CHROMIUM names one";
    }
}
