{% include "drf_spectacular/swagger_ui.js" %}
// A job that was asked for here is the one to ask after.
const asked = ui.getConfigs();
const passOn = asked.responseInterceptor;
asked.responseInterceptor = (response) => {
  const job = response.status === 202 && response.obj && response.obj.job_id;
  if (job) {
    ui.specActions.changeParam(["/predict/async/{job_id}", "get"], "job_id", "path", job);
  }
  return passOn(response);
};
